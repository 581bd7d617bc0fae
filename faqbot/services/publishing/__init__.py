"""From the draft to what customers get, and back."""
