"""What admins edit, and what the last check found in it."""
