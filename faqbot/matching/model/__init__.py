"""What is learned from one knowledge base, and the ranking that comes of it."""
