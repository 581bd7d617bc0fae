"""What becomes of texts on their way in: safe Markdown without HTML and without control characters."""
