"""Surveys and contests: questions that a clause permits, answered by whoever wants to."""
