"""Authorised agents: requests that come in over the Data Rights Protocol 1.0."""
