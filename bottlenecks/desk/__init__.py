"""The desk of the regional organisation (RHO) on the web."""
