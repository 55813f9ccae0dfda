"""Saved views of the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troth.channels.conversations.models import SavedView
from troth.core.actions import action
from troth.core.actors import Actor


@action
def save_view(
    view: SavedView | None,
    *,
    actor: Actor,
    name: str,
    filters: Mapping[str, Any],
    shared: bool = False,
) -> SavedView:
    """Keep a filter of the inbox under a name: one's own, or everybody's."""
    raise NotImplementedError


@action
def remove_view(view: SavedView, *, actor: Actor) -> None:
    """Remove a saved view of one's own, or a shared one."""
    raise NotImplementedError
