"""Through which servers two browsers may find each other: none, unless the company names some.

Without any, browsers try the addresses they have themselves, which does in one network. The setting
`remote_ice` names servers of the company's own choice, ``stun:…``, ``turn:…`` and ``turns:…``, with
blanks between them. With `remote_turn_secret` each session gets credentials of its own for the
relays, good until it ends, as draft-uberti-behave-turn-rest has it.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from hashlib import sha1
from typing import Any, Final

from django.conf import settings

from troth.channels.remote.models import Session
from troth.core import clock
from troth.core.errors import Invalid

_SERVER: Final = re.compile(r"(?:stuns?|turns?):[\w.\[\]:-]+(?:\?transport=(?:udp|tcp))?")


def servers(session: Session) -> str:
    """For ``RTCPeerConnection``, as JSON; for a session that is over there are none."""
    if session.state == Session.State.ENDED:
        return "[]"
    named = settings.HOME.option("remote_ice").split()
    for one in named:
        if not _SERVER.fullmatch(one):
            raise Invalid(
                "A server of the setting remote_ice is not of the form stun:, turn: or turns:."
            )
    found: list[dict[str, Any]] = []
    if plain := [one for one in named if one.startswith("stun")]:
        found.append({"urls": plain})
    if relays := [one for one in named if one.startswith("turn")]:
        found.append({"urls": relays} | _credentials(session))
    return json.dumps(found)


def _credentials(session: Session) -> dict[str, str]:
    secret = settings.HOME.option("remote_turn_secret")
    if not secret:
        return {}
    until = int(clock.now().timestamp()) + session.seconds + 3600
    user = f"{until}:{session.ref[:8]}"
    made = hmac.digest(secret.encode(), user.encode(), sha1)  # what relays expect
    return {"username": user, "credential": base64.b64encode(made).decode()}
