"""What a spreadsheet shows of a cell's value."""
