"""Sending: processes that claim copies in small batches, ask the gate, and hand them over."""
