"""Walks step-by-step procedures: steps are data (knowledge/flows), state is plain data too."""
