"""Throttles: how often one caller may do one thing. Callers are kept as keyed digests alone."""
