"""Accounts of customers and staff: an address nobody can read in the database, and log-in by it."""
