"""The console: the organisation's staff at work."""
