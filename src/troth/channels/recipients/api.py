"""What other parts may use of the channel."""

from __future__ import annotations

from troth.channels.recipients.connecting import (
    add as add_connector,
    go_on,
    remove as remove_connector,
)
from troth.channels.recipients.mails import choice_path

__all__ = ["add_connector", "choice_path", "go_on", "remove_connector"]
