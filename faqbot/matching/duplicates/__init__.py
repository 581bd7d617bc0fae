"""Which entries of one knowledge base ask the same."""
