"""Processes that are killed on purpose."""
