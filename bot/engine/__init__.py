"""Time and delivery: what is due is found, claimed, done once, and never lost."""
