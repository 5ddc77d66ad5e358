"""What people ask, questions to label, and answers that were called wrong."""
