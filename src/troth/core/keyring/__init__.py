"""The keyring: every key, wrapped, in a database of its own. The one place keys come from."""
