"""The plan."""

from __future__ import annotations

from troth.core.rights.models import Request
from troth.core.rights.sources import Planned


def plan(request: Request) -> list[Planned]:
    """What fulfilling the request will do, source by source, before anything changes."""
    raise NotImplementedError
