"""What to answer: the verdict over what was learned, and why."""
