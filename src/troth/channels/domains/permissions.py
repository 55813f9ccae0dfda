from __future__ import annotations

from troth.kit.permissions import PERSON, PUBLIC

ABILITY = "inbox.read"

PERMISSIONS = {
    **{
        f"domains:{name}": PUBLIC
        for name in ("order", "asked", "confirm", "own", "move", "contact")
    },
    **{f"domains:{name}": PUBLIC for name in ("whois", "rdap", "rdap-help")},
    **{f"domains:{name}": PERSON for name in ("mine", "my-domain")},
    **{f"domains:{name}": ABILITY for name in ("list", "one", "sheet", "entered", "ask-owner")},
}
