"""Keeping mail apart: held beside a conversation, or in quarantine. Either way it is there, sealed,
and somebody sees that it is.
"""

from __future__ import annotations

from troth.channels.conversations.actions.changing import tell
from troth.channels.conversations.mailing import acts, raw
from troth.channels.conversations.models import Conversation, Held, RawMail
from troth.core import clock
from troth.core.actions import action
from troth.core.ids import row_id
from troth.core.organisations.scope import current_organisation_id
from troth.kit.live import bus


@action
def hold(
    content: bytes,
    digest: bytes,
    named: Conversation,
    *,
    why: str,
    way: str,
    checked: dict[str, str],
) -> Held:
    """Hold a mail beside the conversation it names. `why`: stranger, forged or looping."""
    kept = raw.keep(content, digest=digest, state=RawMail.State.HELD, way=way, fault=why)
    found = Held.objects.filter(raw=kept).first()
    if found is not None:
        return found
    held = Held.objects.create(
        id=row_id(), raw=kept, conversation=named, why=why, checked=checked, held_at=clock.now()
    )
    acts.handled("held", actor=raw.SYSTEM)
    tell(named, kind="held")
    return held


@action
def quarantine(content: bytes, digest: bytes, *, way: str, fault: str, tries: int = 0) -> RawMail:
    """Keep a mail that no message can be made of where it blocks nothing."""
    state = RawMail.State.QUARANTINE
    kept = raw.keep(content, digest=digest, state=state, way=way, fault=fault, tries=tries)
    acts.handled("quarantined", actor=raw.SYSTEM)
    bus.publish(f"desk:{current_organisation_id()}", {"kind": "quarantine", "mail": str(kept.pk)})
    return kept
