from __future__ import annotations

from troth.channels.imports.actions import ABILITY
from troth.kit.permissions import PUBLIC

PERMISSIONS = {
    "imports:index": ABILITY,
    "imports:new": ABILITY,
    "imports:run": ABILITY,
    "imports:columns": ABILITY,
    "imports:start": ABILITY,
    "imports:cancel": ABILITY,
    "imports:problems": ABILITY,
    "imports:confirm": PUBLIC,
}
