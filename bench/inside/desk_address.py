"""Where mail to the company's desk goes."""

from __future__ import annotations

from troth.channels.conversations.mailing import desks
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope


def measure() -> dict[str, str]:
    with scope(Organisation.objects.get()):
        return {"address": desks.address()}
