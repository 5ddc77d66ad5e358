"""Conversations held while the service is killed again and again; see docs/chaos.md."""
