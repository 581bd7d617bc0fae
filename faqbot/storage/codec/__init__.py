"""How values are written into columns and read back."""
