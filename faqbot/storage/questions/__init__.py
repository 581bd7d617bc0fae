"""What customers asked and thought of the replies, what was decided about it, and test questions."""
