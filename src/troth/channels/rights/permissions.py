from __future__ import annotations

from troth.channels.rights.console import ABILITY
from troth.kit.permissions import PERSON, PUBLIC

PERMISSIONS = {
    **{
        f"requests:{name}": PUBLIC
        for name in ("index", "ask", "sent", "prove", "mine", "package", "answer", "by-link",
                     "verify")
    },
    **{f"requests:{name}": PERSON for name in ("own", "own-ask", "own-request")},
    **{f"requests:{name}": ABILITY for name in ("queue", "enter", "request", "do")},
}  # fmt: skip
