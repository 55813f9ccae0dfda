"""Organisations: the controllers on this installation, and the wall between them."""
