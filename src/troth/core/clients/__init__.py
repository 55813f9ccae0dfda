"""Clients of the company that runs the installation: contracts, and what it sees of them."""
