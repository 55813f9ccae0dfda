"""Help articles, written by the staff in versions."""
