"""What measures how the desk and the assistant behave when there is much more of everything."""
