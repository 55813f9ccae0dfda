"""Saved views of the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troth.channels.conversations import acts
from troth.channels.conversations.actions.changing import ANSWER, member_who_acts
from troth.channels.conversations.models import SavedView
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid
from troth.core.ids import row_id
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id


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
    actor.needs(ANSWER)
    member, wanted = member_who_acts(actor), " ".join(name.split())
    longest = SavedView._meta.get_field("name").max_length or 0
    if not 1 <= len(wanted) <= longest:
        raise Invalid(f"A view has a name of 1 to {longest} characters.")
    found = view or SavedView(id=row_id())
    _mine(found, actor)
    found.name, found.filters = wanted, dict(filters)
    found.member = None if shared else member
    found.save()
    _record(actor, "saved-view")
    return found


@action
def remove_view(view: SavedView, *, actor: Actor) -> None:
    """Remove a saved view of one's own, or a shared one."""
    actor.needs(ANSWER)
    _mine(view, actor)
    view.delete()
    _record(actor, "removed-view")


def _mine(view: SavedView, actor: Actor) -> None:
    if view.member_id is not None and view.member_id != member_who_acts(actor).pk:
        raise Denied("This view is a colleague's.", do="Save one of your own.")


def _record(actor: Actor, did: str) -> None:
    record(
        act=acts.SET_UP,
        organisation=current_organisation_id(),
        actor=actor,
        version=current().version,
        detail={"did": did},
    )
