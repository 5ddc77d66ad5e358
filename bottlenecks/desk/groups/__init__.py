"""Reports brought together: lists, one group, and one answer to all its reporters."""
