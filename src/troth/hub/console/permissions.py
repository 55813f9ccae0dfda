from __future__ import annotations

from typing import Final

from troth.core.staff.models import Role
from troth.kit.permissions import STAFF

_ABILITY = Role.Ability

PERMISSIONS: Final[dict[str, str]] = {
    "console:home": STAFF,
    "console:undertaking": STAFF,
    "console:purpose": STAFF,
    **dict.fromkeys(
        (
            *("console:people", "console:find", "console:person", "console:why"),
            "console:history",
        ),
        str(_ABILITY.PEOPLE_SEARCH),
    ),
    **dict.fromkeys(
        ("console:merge-find", "console:merge", "console:unmerge"), str(_ABILITY.PEOPLE_MERGE)
    ),
    **dict.fromkeys(
        (
            *(
                "console:child",
                "console:closing",
                "console:outdated",
                "console:standing",
                "console:retention",
                "console:retention-start",
            ),
            *("console:retention-run", "console:holds", "console:hold-lift"),
        ),
        str(_ABILITY.PEOPLE_ERASE),
    ),
    "console:stop-mail": str(_ABILITY.RIGHTS_HANDLE),
    **dict.fromkeys(
        ("console:people-export", "console:people-analysis"), str(_ABILITY.PEOPLE_EXPORT)
    ),
    # The policy is public anyway; to publish one is an ability.
    **dict.fromkeys(
        (
            "console:policy",
            "console:policy-version",
            "console:policy-compare",
            "console:policy-picture",
        ),
        STAFF,
    ),
    "console:policy-new": str(_ABILITY.POLICY_PUBLISH),
    "console:policy-publish": str(_ABILITY.POLICY_PUBLISH),
    **dict.fromkeys(
        (
            *("console:ledger", "console:ledger-proof", "console:ledger-verify"),
            *("console:ledger-export", "console:entry", "console:receipt"),
        ),
        str(_ABILITY.LEDGER_READ),
    ),
    # Everyone on the staff may see which role opens what; changing it is an ability.
    "console:roles": STAFF,
    "console:staff": STAFF,
    **dict.fromkeys(
        (
            *("console:role-new", "console:role", "console:role-remove", "console:invite"),
            *("console:member", "console:member-remove"),
            *("console:incidents", "console:incident-handled", "console:security"),
        ),
        str(_ABILITY.STAFF_MANAGE),
    ),
    **dict.fromkeys(
        ("console:clients", "console:client", "console:client-people"), str(_ABILITY.CLIENTS_SEE)
    ),
    **dict.fromkeys(("console:provider", "console:contract-accept"), str(_ABILITY.STAFF_MANAGE)),
    **dict.fromkeys(
        ("console:provider-grant", "console:provider-grant-end"), str(_ABILITY.GRANTS_GIVE)
    ),
    **dict.fromkeys(
        (
            *("console:connections", "console:connection-new"),
            *("console:connection-check", "console:connection-remove"),
        ),
        str(_ABILITY.CONNECT_MANAGE),
    ),
}
