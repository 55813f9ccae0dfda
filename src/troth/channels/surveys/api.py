"""The channel's door for other parts."""

from troth.channels.surveys.building import close_due

__all__ = ["close_due"]
