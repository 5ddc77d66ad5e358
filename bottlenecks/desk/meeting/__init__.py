"""The report for the ROAZ table or the weekly meeting."""
