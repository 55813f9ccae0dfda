from __future__ import annotations

from typing import Final

from troth.channels.campaigns.actions import MODERATE, SEND, WRITE
from troth.channels.campaigns.endpoints import urls as endpoints
from troth.core.staff.models import Role
from troth.kit.permissions import PUBLIC

PERMISSIONS: Final[dict[str, str]] = {
    **endpoints.PERMISSIONS,
    **dict.fromkeys(("campaigns:archive", "campaigns:feed", "campaigns:archived"), PUBLIC),
    # A step needs an ability of its own besides, which its action asks for.
    **dict.fromkeys(
        (
            *(
                "campaigns:index",
                "campaigns:new",
                "campaigns:notice",
                "campaigns:preview",
                "campaigns:campaign",
            ),
            *("campaigns:edit", "campaigns:audience", "campaigns:test", "campaigns:step"),
            *("campaigns:report", "campaigns:failures"),
            *("campaigns:templates", "campaigns:template-new", "campaigns:template"),
        ),
        WRITE,
    ),
    **dict.fromkeys(("campaigns:send", "campaigns:settings"), SEND),
    **dict.fromkeys(("campaigns:queue", "campaigns:reading"), MODERATE),
    "campaigns:lists": str(Role.Ability.PEOPLE_EXPORT),
}
