"""Inbound mail's door for other parts."""

from troth.kit.inbound.routes import Mail, receive_at, receive_where
from troth.kit.inbound.spool import put_aside

__all__ = ["Mail", "put_aside", "receive_at", "receive_where"]
