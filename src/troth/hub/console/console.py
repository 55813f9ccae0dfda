"""The console's own lines of the rail, and what waits for an owner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.channels.accounts.api import unhandled
from troth.core.clients import api as clients
from troth.core.retention import api as retention
from troth.core.staff.models import Role
from troth.hub.console.queries import staff
from troth.kit.permissions import STAFF

_ABILITY = Role.Ability

RAIL: list[dict[str, Any]] = [
    {"key": "h", "label": "Home", "icon": "home", "url": "console:home", "order": 0},
    {
        "key": "p",
        "label": "People",
        "icon": "people",
        "url": "console:people",
        "need": str(_ABILITY.PEOPLE_SEARCH),
        "order": 20,
    },
    {
        "key": "o",
        "label": "Policy",
        "icon": "policy",
        "url": "console:policy",
        "need": STAFF,
        "order": 60,
    },
    {
        "key": "l",
        "label": "Ledger",
        "icon": "ledger",
        "url": "console:ledger",
        "need": str(_ABILITY.LEDGER_READ),
        "order": 70,
    },
    {
        "key": "t",
        "label": "Retention",
        "icon": "clock",
        "url": "console:retention",
        "need": str(_ABILITY.PEOPLE_ERASE),
        "order": 65,
    },
    {
        "key": "s",
        "label": "Settings",
        "icon": "settings",
        "url": "console:roles",
        "need": STAFF,
        "order": 90,
    },
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """People who said “this was not me”, a stopped retention run, a contract, purposes that no
    role opens: one line each.
    """
    run = retention.waiting() if _ABILITY.PEOPLE_ERASE in request.actor.abilities else None
    if run:
        text = f"A retention run of {run.due} values waits to be confirmed"
        yield {"text": text, "url": reverse("console:retention-run", args=[run.ref])}
    able = _ABILITY.STAFF_MANAGE in request.actor.abilities
    unassigned = len(staff.unassigned()) if able else 0
    if unassigned:
        what = "purpose of the policy is" if unassigned == 1 else "purposes of the policy are"
        yield {"text": f"{unassigned} {what} in no role", "url": reverse("console:roles")}
    contract = clients.to_accept(request.organisation) if able else None
    if contract:
        text = f"Version {contract.number} of the contract waits to be accepted"
        yield {"text": text, "url": reverse("console:provider")}
    count = unhandled().count() if able else 0
    if count:
        who = "person" if count == 1 else "people"
        text = f"{count} {who} said “this was not me”"
        yield {"text": text, "url": reverse("console:incidents")}
