"""What officers fill in for a region: phase and contacts."""
