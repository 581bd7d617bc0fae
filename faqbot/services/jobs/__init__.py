"""Imports and publications in the background."""
