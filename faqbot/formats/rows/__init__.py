"""The rules that rows of every format keep: columns, kinds of values, what a file becomes."""
