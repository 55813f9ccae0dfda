"""Versions of the policy: publishing them, and which one is in force."""
