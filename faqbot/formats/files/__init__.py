"""Every file format: its bytes to raw rows, and entries to its bytes."""
