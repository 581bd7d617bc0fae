"""Editing and importing, which customers never see."""
