"""Messengers and help desks: their events and messages."""
