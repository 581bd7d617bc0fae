"""Questions read as the knowledge base would spell them."""
