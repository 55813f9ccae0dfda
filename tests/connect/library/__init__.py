"""Somebody else's application: it knows nothing of Troth."""
