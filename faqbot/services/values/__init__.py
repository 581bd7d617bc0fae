"""What the use cases give back."""
