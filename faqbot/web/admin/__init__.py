"""What admins call."""
