"""The inbox: what staff see and do."""
