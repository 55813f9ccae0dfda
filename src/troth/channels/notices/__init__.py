"""Telling people of a changed policy: by mail, on a page, and what they answer."""
