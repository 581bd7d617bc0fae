"""Encodings of wordings and passages."""
