"""The door of `web` for the hub and for other channels."""

from __future__ import annotations

from troth.channels.web.models import Visitor

__all__ = ["Visitor"]
