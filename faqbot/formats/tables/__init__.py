"""Where the questions and answers are in a table that a person made."""
