"""Choices: what people decided, with the wording they saw. They act at once."""
