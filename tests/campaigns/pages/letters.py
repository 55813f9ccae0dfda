"""Campaigns in every state, made by the real actions."""

from __future__ import annotations

from typing import Any

from troth.channels.campaigns import actions
from troth.channels.campaigns.freezing import freeze
from troth.channels.campaigns.models import Campaign, Copy
from troth.core import clock
from troth.core.actors import Actor

SYSTEM = Actor.system("tests")
BODY = "# Spring news\n\nDear {{ name | friend }},\n\nwe made *something* new.\n"


def written(**given: Any) -> Campaign:
    """A draft."""
    fields: dict[str, Any] = {
        "name": "Spring",
        "purpose": "newsletter",
        "subject": "News for {{ name | you }}",
        "body": BODY,
    }
    return actions.write(actions.Writing(**(fields | given)), actor=SYSTEM)


def begun(**given: Any) -> Campaign:
    """One whose copies are written and wait to leave."""
    found = actions.submit(written(**given), actor=SYSTEM)
    assert found.state == Campaign.State.SCHEDULED
    freeze(found)
    found.refresh_from_db()
    return found


def sent(**given: Any) -> Campaign:
    """One that every server took."""
    found = begun(**given)
    now = clock.now()
    Copy.objects.filter(campaign=found).update(
        state=Copy.State.ACCEPTED, code="250 2.0.0", settled_at=now
    )
    Campaign.objects.filter(pk=found.pk).update(state=Campaign.State.DONE, finished_at=now)
    found.refresh_from_db()
    return found
