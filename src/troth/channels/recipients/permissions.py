from __future__ import annotations

from troth.core.recipients.binding import ABILITY
from troth.kit.permissions import PUBLIC

# The two public addresses are signed links, which the pages check.
PERMISSIONS = {
    "recipients:index": ABILITY,
    "recipients:one": ABILITY,
    "recipients:new-list": ABILITY,
    "recipients:handover": ABILITY,
    "recipients:download": ABILITY,
    "recipients:note": ABILITY,
    "recipients:send": ABILITY,
    "recipients:choice": PUBLIC,
    "recipients:inability": PUBLIC,
}
