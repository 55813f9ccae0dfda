"""People: the humans an organisation knows, what it holds about them, and merging of doubles."""
