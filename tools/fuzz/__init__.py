"""Fuzzing with hypothesis: the pure parsers, and whole conversations (`python -m tools.fuzz`)."""
