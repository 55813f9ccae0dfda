"""What is looked at before anything that was sent is taken, for pages and programs alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troth.channels.forms import actions, children, nonces
from troth.channels.forms.fields import TouchpointForm
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.notices.versions import Published


class OutdatedInvalid(Invalid):
    """It was written under a version that is no longer in force."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "The privacy policy changed while you were writing.",
            why="What you agree to has to be what is in force.",
            do="Read it again and send once more.",
        )


class FieldsInvalid(Invalid):
    """Some fields are not as they have to be; the form says which and why."""

    status = 422


def admit(
    form: TouchpointForm, sent: Mapping[str, Any], published: Published, *, actor: Actor
) -> nonces.Nonce:
    """Say whether this sending may be taken; `sent` holds the page's mark and the trap.

    Raises `ChildDenied` before anything else, then `NonceInvalid`, `OutdatedInvalid` and
    `FieldsInvalid`.
    """
    touchpoint = form.touchpoint
    if form.under_age():
        children.refuse(actor=actor, touchpoint=touchpoint.key)
        raise children.ChildDenied
    nonce = nonces.read(str(sent.get("nonce", "")), touchpoint.key)
    if nonce.version != published.version:
        raise OutdatedInvalid
    if not form.is_valid() or sent.get("homepage"):
        if form.strangers():
            actions.note_strangers(actor=actor, touchpoint=touchpoint, version=published.version)
        raise FieldsInvalid("Leave the hidden field empty." if sent.get("homepage") else "")
    return nonce
