"""Word documents made from what people answered."""
