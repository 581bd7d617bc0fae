"""What is done in the background, and what came in from outside programs."""
