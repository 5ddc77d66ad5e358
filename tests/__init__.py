"""Tests, and the fakes they run against."""
