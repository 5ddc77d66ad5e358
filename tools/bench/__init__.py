"""Measures Regiowijzer and Rasa's own server side by side: `python -m tools.bench`."""
