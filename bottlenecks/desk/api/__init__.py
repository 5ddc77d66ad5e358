"""The read-only API for other programs."""
