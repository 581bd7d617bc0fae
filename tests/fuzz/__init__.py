"""What nobody thought of, sent to every door and every parser."""
