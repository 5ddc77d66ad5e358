"""What the assistant knows: reading, proposals, approval, and plans of a region."""
