"""The door of `retention` for pages, channels, the worker and the command line."""

from __future__ import annotations

from troth.core.retention.beside import came_in, expires, expiries
from troth.core.retention.clients import stand
from troth.core.retention.elsewhere import Gone, also
from troth.core.retention.holds import (
    ABILITY,
    HeldDenied,
    by_ref,
    close,
    lift_hold,
    reopen,
    set_hold,
    standing,
)
from troth.core.retention.models import Closing, Hold, Run
from troth.core.retention.outdated import Idle, idle, months, remove_idle, remove_stale, stale
from troth.core.retention.planning import Line, Plan, plan
from troth.core.retention.running import confirm, daily, go_on, limit, preview, run_now, waiting

__all__ = [
    "ABILITY",
    "Closing",
    "Gone",
    "HeldDenied",
    "Hold",
    "Idle",
    "Line",
    "Plan",
    "Run",
    "also",
    "by_ref",
    "came_in",
    "close",
    "confirm",
    "daily",
    "expires",
    "expiries",
    "go_on",
    "idle",
    "lift_hold",
    "limit",
    "months",
    "plan",
    "preview",
    "remove_idle",
    "remove_stale",
    "reopen",
    "run_now",
    "set_hold",
    "stale",
    "stand",
    "standing",
    "waiting",
]
