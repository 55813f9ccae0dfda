"""Sealed fields: personal values as ordinary model fields that only an open use can read."""
