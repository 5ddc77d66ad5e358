"""Figures, with pictures and as a file."""
