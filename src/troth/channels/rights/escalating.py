"""A case that stays unresolved: with the person's yes its file goes to the programme that the
policy names, which mediates. The file is what they wrote, how to reach them, how the case ended and
when; nothing of anybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from troth.channels.rights import tasks, wording
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.deciding import decide_for_policy
from troth.core.notices.versions import current
from troth.core.rights import acts, api as rights
from troth.core.rights.api import Request
from troth.core.rights.asking import Disclosed, counting, enter, hold
from troth.kit.mail import MailInvalid, transport
from troth.kit.outbox.api import WAITS, letter
from troth.kit.words import day

WORKER: Final = Actor.system("worker")
FILE: Final = ("user.contact.email", "user.content.private")
_ON_ITS_WAY: Final = ("escalated", "handing", "put-off", "handed", "not-handed", "unsure")
_WAITS_TO_GO: Final = ("escalated", "put-off")
_NOT_THERE: Final = ("", "not-handed", "unsure")


@dataclass(frozen=True, slots=True)
class Liaison:
    """Who takes a case up: a recipient of the policy, and the clause that lets it have the file."""

    key: str
    name: str
    contact: str
    clause: str
    purpose: str


def liaison(request: Request) -> Liaison | None:
    """Who takes up cases of this kind, if the policy names somebody and lets the file go there."""
    rules = current().rules
    for right in rules.policy.rights:
        party = rules.policy.recipients.get(right.escalate)
        if right.kind != request.kind or party is None or not party.contact:
            continue
        for purpose in rules.purposes:
            found = rules.find("share", purpose, FILE[-1], party.key)
            if found.allowed:
                return Liaison(party.key, party.name, party.contact, found.clause, purpose)
    return None


def offered(request: Request) -> Liaison | None:
    """The same, where the case was not settled in its time or as the person wants it, what they
    wrote is still there, and they have not agreed yet.
    """
    late = request.due_at is not None and request.due_at < clock.now()
    over = request.ended and request.state != Request.State.WITHDRAWN
    if request.emptied_at is not None or not (over or (late and not request.ended)):
        return None
    if _how_far(request) not in _NOT_THERE:
        return None
    return liaison(request)


def _how_far(request: Request) -> str:
    """What came last of their agreeing and of the way of the file; nothing before they agreed."""
    last = request.events.filter(what__in=_ON_ITS_WAY).order_by("at", "id").last()
    return last.what if last else ""


@action
def agree(request: Request, *, consent: bool, actor: Actor) -> None:
    """The person agrees, and the file goes. Raises `Invalid` without their yes, and `UseDenied`
    where the programme may not have it, such as with a safeguard that has run out.
    """
    hold(request)
    to = offered(request)
    if to is None:
        raise Invalid("This case cannot be handed over.", do="Write to us about it.")
    if not consent:
        raise Invalid(
            "The file goes nowhere without your yes.", do="Go back and tick the box to agree."
        )
    enter(request, acts.ESCALATED, actor=actor, disclosed=_disclosed(to, actor))
    tasks.hand_over.enqueue(str(request.organisation_id), str(request.pk), to.key)


def deliver(pk: UUID, agreed: str, tries: int) -> datetime | None:
    """Send the file to the programme they agreed to, and to no other that a later version may name.
    Returns when to try again, if the receiving side puts it off. What does not arrive is told, and
    can be agreed to again.

    That it leaves is on the ledger before it does. Where a process ended in between, nobody knows
    whether it arrived: that is told, and it goes a second time only if the person agrees again.
    """
    request = Request.objects.filter(pk=pk).first()
    if request is None or request.emptied_at is not None:
        return None
    to = liaison(request)
    if request.state == Request.State.WITHDRAWN:
        return None
    if to is None or to.key != agreed:
        _note(request, acts.NOT_HANDED, Disclosed(agreed, "", "", ()))
        return None
    told = _disclosed(to, WORKER)
    built, sender = letter("requests/mail/case.md", _file(request), to=to.contact)
    if not _begin(request, told):
        return None
    try:
        outcome = transport().deliver(built, sender=sender, to=to.contact)
    except MailInvalid:
        state = "failed"
    else:
        state = outcome.state
    if state == "deferred" and tries < len(WAITS):
        _note(request, acts.PUT_OFF, told)
        return clock.now() + WAITS[tries]
    _note(request, acts.HANDED if state == "accepted" else acts.NOT_HANDED, told)
    return None


@action
def _begin(request: Request, told: Disclosed) -> bool:
    """Enter that the file leaves. Returns whether it may: one worker at a time, and once."""
    hold(request)
    far = _how_far(request)
    if far == "handing":
        enter(request, acts.UNSURE, actor=WORKER, disclosed=told)
    if far not in _WAITS_TO_GO or request.state == Request.State.WITHDRAWN:
        return False
    enter(request, acts.HANDING, actor=WORKER, disclosed=told)
    return True


@action
def _note(request: Request, act: str, told: Disclosed) -> None:
    enter(request, act, actor=WORKER, disclosed=told)


def _disclosed(to: Liaison, actor: Actor) -> Disclosed:
    # Their yes to this very disclosure is the case's own; the policy is asked here.
    clause = decide_for_policy(current(), actor, to.purpose, FILE, to.key)
    return Disclosed(to.key, to.purpose, clause, FILE)


def _file(request: Request) -> dict[str, Any]:
    content, counts = rights.read_content(request, actor=WORKER), counting()
    return {
        "company": current().policy.company,
        "number": request.ref[:8],
        "words": content.words,
        "reach": content.reply_to,
        "received": day(counts.day(request.received_at)),
        "due": day(counts.day(request.due_at)) if request.due_at else "",
        "state": wording.STATES[request.state][1],
        "outcome": wording.reason(request.outcome) if request.outcome else "",
        "events": [
            {"day": day(counts.day(one.at)), "text": wording.happened(one)}
            for one in request.events.order_by("at")
        ],
    }
