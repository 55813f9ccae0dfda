"""What leaves the company: people told before, lists, connectors, and recipients suspended."""
