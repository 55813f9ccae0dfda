from __future__ import annotations

from troth.channels.remote.offering import ABILITY
from troth.kit.permissions import PUBLIC

PERMISSIONS: dict[str, str] = {
    # A code, and then a secret in the address, which their views compare.
    "remote:enter": PUBLIC,
    "remote:session": PUBLIC,
    "remote:do": PUBLIC,
    "remote:list": str(ABILITY),
    "remote:one": str(ABILITY),
    "remote:ticket": str(ABILITY),
    "remote:end": str(ABILITY),
    "remote:note": str(ABILITY),
}
