from __future__ import annotations

from typing import Final

from troth.channels.web.actions import MANAGE
from troth.core.staff.models import Role
from troth.kit.permissions import PUBLIC, STAFF

PERMISSIONS: Final[dict[str, str]] = {
    # Whoever looks at a page; what may be noted of them the policy and their choice decide.
    **dict.fromkeys(("web:script", "web:report", "web:pixel"), PUBLIC),
    # The gate asks for a purpose besides.
    **dict.fromkeys(("web:overview", "web:now", "web:trends"), STAFF),
    "web:figures": str(Role.Ability.PEOPLE_EXPORT),
    "web:sites": MANAGE,
}
