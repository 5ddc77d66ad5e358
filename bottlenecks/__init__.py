"""What is reported and kept: reports of bottlenecks, people, conversations, and their storage."""
