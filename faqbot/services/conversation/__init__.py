"""What only the conversation explains: choices, small talk, the wish for a person."""
