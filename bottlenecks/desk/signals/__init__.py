"""Signals and their rules."""
