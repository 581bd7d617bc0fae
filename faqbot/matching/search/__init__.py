"""Wordings as vectors: candidates, scores, matches."""
