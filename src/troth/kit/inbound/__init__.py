"""Receiving mail: an SMTP server that keeps what comes, sealed, until a part has dealt with it."""
