"""What every service desk hears, recognised by meaning: one linear classifier over the question's dense vector."""
