"""What support agents call."""
