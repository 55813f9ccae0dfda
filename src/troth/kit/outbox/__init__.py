"""The outbox: mail to one person under a purpose, delivered by the worker after the act."""
