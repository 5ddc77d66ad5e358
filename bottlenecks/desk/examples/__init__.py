"""Made-up reports and what belongs to them, for a demo."""
