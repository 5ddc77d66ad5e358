"""How a browser reaches the assistant and the desk."""
