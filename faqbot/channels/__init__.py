"""Outside protocols to and from our own values: pure translation, no Flask."""
