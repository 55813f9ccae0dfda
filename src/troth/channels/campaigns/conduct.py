"""How an organisation may send: one small row, made when it is first changed."""

from __future__ import annotations

from typing import Final

from troth.channels.campaigns import acts
from troth.channels.campaigns.models import Conduct
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.ledger.api import record
from troth.core.organisations.scope import current_organisation_id
from troth.kit.mail.press import checked_address

HIGHEST: Final = 100
"""One in a hundred."""
LONGEST_NAME: Final = 120
SOFT_MOST: Final = (2, 50)
SOFT_DAYS: Final = (1, 180)


def conduct() -> Conduct:
    """The organisation's own, or what holds until it has one (not saved)."""
    return Conduct.objects.first() or Conduct(organisation_id=current_organisation_id())


@action
def require_moderation(*, actor: Actor, needed: bool) -> Conduct:
    """Set the mark “moderation needed”: each campaign then waits to be read."""
    actor.needs("mail.moderate")
    found = conduct()
    found.moderation_needed = needed
    found.save()
    record(
        act=acts.MODERATION,
        organisation=found.organisation_id,
        actor=actor,
        detail={"needed": "yes" if needed else "no"},
    )
    return found


@action
def limit_complaints(*, actor: Actor, limit: int) -> Conduct:
    """Set how many complaints among ten thousand copies stop everything. Raises `Invalid` outside
    1 to `HIGHEST`: with more than that, mail servers have long stopped taking anything from us.
    """
    actor.needs("mail.moderate")
    if not 1 <= limit <= HIGHEST:
        raise Invalid(
            "That is no limit for complaints.",
            why=f"It lies between 0.01% and {HIGHEST / 100:g}% of the letters that left.",
            do="Give a share in that range; large mail services ask for less than 0.3%.",
        )
    found = conduct()
    found.complaint_limit = limit
    found.save()
    record(
        act=acts.LIMITED,
        organisation=found.organisation_id,
        actor=actor,
        detail={"limit": limit},
    )
    return found


@action
def name_sender(*, actor: Actor, name: str, reply_to: str) -> Conduct:
    """Set the name that letters come from, unless a campaign gives another, and where answers go.

    Answers to another address are read by nobody here: an “unsubscribe” in them is not acted on.
    """
    actor.needs("mail.moderate")
    name, reply_to = name.strip(), reply_to.strip()
    if not name.isprintable() or len(name) > LONGEST_NAME:
        raise Invalid("The sender’s name is one line of plain text.", do="Shorten it.")
    if reply_to:
        reply_to = checked_address(reply_to)
        if not reply_to.isascii():
            raise Invalid("Answers can go to an address in plain letters alone.")
    found = conduct()
    found.sender_name, found.reply_to = name, reply_to
    found.save()
    record(act=acts.SENDER, organisation=found.organisation_id, actor=actor)
    return found


@action
def limit_soft_bounces(*, actor: Actor, most: int, days: int) -> Conduct:
    """Set after how many letters that came back for now, within how many days, an address is
    mailed no more. Raises `Invalid` outside 2 to 50 letters and 1 to 180 days.
    """
    actor.needs("mail.moderate")
    if not (SOFT_MOST[0] <= most <= SOFT_MOST[1] and SOFT_DAYS[0] <= days <= SOFT_DAYS[1]):
        raise Invalid(
            "That is no limit for letters that come back.",
            why="It lies between 2 and 50 letters, within 1 to 180 days.",
            do="Give numbers in these ranges.",
        )
    found = conduct()
    found.soft_most, found.soft_days = most, days
    found.save()
    record(
        act=acts.SOFT_LIMIT,
        organisation=found.organisation_id,
        actor=actor,
        detail={"most": most, "days": days},
    )
    return found


@action
def stop(*, actor: Actor, cause: str = "staff") -> Conduct:
    """Let no copy of any campaign leave from now on. Safe to repeat.

    `cause` is ``staff``, or ``complaints`` where too many people complained.
    """
    if cause == "staff":
        actor.needs("mail.send")
    found = conduct()
    if found.stopped_at is None:
        found.stopped_at, found.cause = clock.now(), cause
        found.save()
        record(
            act=acts.STOPPED,
            organisation=found.organisation_id,
            actor=actor,
            detail={"cause": cause},
        )
    return found


@action
def release(*, actor: Actor) -> Conduct:
    """Let campaigns go on after a stop; who complained stays suppressed."""
    actor.needs("mail.send")
    found = conduct()
    if found.stopped_at is not None:
        found.stopped_at, found.cause = None, ""
        found.save()
        record(act=acts.RELEASED, organisation=found.organisation_id, actor=actor)
    return found
