"""The console's own lines of the rail."""

from __future__ import annotations

from typing import Any

from troth.core.staff.models import Role
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
        "key": "s",
        "label": "Settings",
        "icon": "settings",
        "url": "console:roles",
        "need": STAFF,
        "order": 90,
    },
]
