"""Recipients: what binds them, who was told of them, and which of them is suspended."""
