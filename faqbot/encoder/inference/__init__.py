"""The forward pass: which device runs it, on which weights, and who shares it."""
