"""What we claim about speed, as programs that anyone can run, against named rivals in the same run."""
