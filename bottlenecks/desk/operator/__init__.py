"""What the operator of the server sees at the desk."""
