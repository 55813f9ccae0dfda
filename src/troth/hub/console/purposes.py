"""The purpose of the task at hand: picked once, kept in the session by its key, then forgotten."""

from __future__ import annotations

import time
from typing import Any, Final

from troth.core.errors import Denied
from troth.core.notices.versions import PolicyMissing, current
from troth.policy.blocks import Purpose

KEPT: Final = "console.purpose"
LASTS: Final = 3600  # seconds; a task that takes longer is asked for its purpose again


class PurposeDenied(Denied):
    """The member's role does not include this purpose."""


def offered(request: Any) -> list[Purpose]:
    """The purposes of the policy that the member's role includes."""
    try:
        declared = current().rules.purposes
    except PolicyMissing:
        return []
    mine = request.actor.purposes
    return [
        purpose
        for key, purpose in declared.items()
        if purpose.basis != "prohibited" and (mine is None or key in mine)
    ]


def picked(request: Any) -> Purpose | None:
    """The purpose picked for this task, while it lasts and the role includes it."""
    kept = request.session.get(KEPT)
    if not kept or kept["until"] < time.time():
        return None
    return next((one for one in offered(request) if one.key == kept["key"]), None)


def pick(request: Any, key: str) -> Purpose | None:
    """Keep a purpose for the task; an empty key seals everything again. Raises `PurposeDenied`."""
    if not key:
        request.session.pop(KEPT, None)
        return None
    found = next((one for one in offered(request) if one.key == key), None)
    if found is None:
        raise PurposeDenied(
            "This purpose is not open to you.",
            why="Your role does not include it, or the policy in force does not declare it.",
            do="Pick one from the list, or ask an owner of the organisation to change your role.",
        )
    request.session[KEPT] = {"key": key, "until": time.time() + LASTS}
    return found
