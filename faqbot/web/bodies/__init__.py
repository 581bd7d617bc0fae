"""What requests hold: one model per body or query string, unknown fields refused by name."""
