"""Conversations by mail: in, out, and what must not come in."""
