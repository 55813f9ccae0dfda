"""Campaigns: mail to many that goes only to whom it may, and knows what became of each copy."""
