"""API keys, and random values that all processes share."""
