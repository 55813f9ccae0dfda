"""Referral: one invitation to a friend, of whom nothing is kept."""
