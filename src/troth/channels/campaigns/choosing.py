"""Two subjects tried on some, and the better one for the rest: by what may be counted, or by hand.

Openings decide where a clause lets them be counted, and then only those of whoever agreed. Where
none is counted the noes decide: which subject made fewer of its readers leave or complain. Where
neither tells them apart, the rest gets the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal

from django.db.models import Exists, OuterRef

from troth.channels.campaigns import acts
from troth.channels.campaigns.models import Campaign, Copy
from troth.channels.campaigns.moving import StateDenied, move
from troth.channels.campaigns.purposes import tracking_purpose
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.models import Choice
from troth.core.errors import Invalid
from troth.core.ledger.api import record

WORKER: Final = Actor.system("campaigns")
SENT: Final = (Copy.State.ACCEPTED, Copy.State.BOUNCED, Copy.State.COMPLAINED)
By = Literal["opened", "noes", "none", "hand"]
BY: Final[Mapping[str, str]] = {
    "opened": "more of those who let it be counted opened it",
    "noes": "fewer of those who got it left or complained; openings are not counted",
    "none": "nothing that may be counted told the two apart, so it was the first",
    "hand": "somebody of the staff chose it",
}


def waits(campaign: Campaign) -> bool:
    """Whether all copies that are left wait for the choice of a subject."""
    left = Copy.objects.filter(campaign=campaign, state__in=Copy.LEFT)
    undecided = left.filter(subject=Copy.UNDECIDED).exists()
    return undecided and not left.exclude(subject=Copy.UNDECIDED).exists()


def choose_if_due(campaign: Campaign) -> None:
    """Choose when its time has come and nobody chose by hand. Safe to call at any moment."""
    if not campaign.tries or campaign.chosen or campaign.frozen_at is None:
        return
    if clock.now() < campaign.frozen_at + timedelta(hours=campaign.try_hours):
        return
    subject, by = better(campaign)
    try:
        _choose(campaign, subject, by, WORKER)
    except StateDenied:
        return  # paused meanwhile, or chosen by another process


def choose_by_hand(campaign: Campaign, subject: str, *, actor: Actor) -> Campaign:
    """Give the rest this subject (``a`` or ``b``) now. Raises `StateDenied` where none waits."""
    actor.needs("mail.send")
    if subject not in ("a", "b"):
        raise Invalid("There are two subjects, A and B.", do="Choose one of them.")
    return _choose(campaign, subject, "hand", actor)


def better(campaign: Campaign) -> tuple[str, By]:
    """The subject that did better so far, and by what."""
    mine = Copy.objects.filter(campaign=campaign)
    counted = bool(tracking_purpose())
    good = mine.filter(opened_at__isnull=False) if counted else mine.filter(_no())
    shares = []
    for subject in "ab":
        sent = mine.filter(subject=subject, state__in=SENT).count()
        shares.append(good.filter(subject=subject).count() / sent if sent else 0.0)
    first, second = shares
    if first == second:
        return "a", "none"
    if counted:
        return ("b" if second > first else "a"), "opened"
    return ("b" if second < first else "a"), "noes"


def _no() -> Exists:
    """A copy whose reader has said no to its purpose since they got it; a complaint is one."""
    return Exists(
        Choice.objects.filter(
            person__root_id=OuterRef("person__root_id"),
            purpose=OuterRef("campaign__purpose"),
            decision__in=(Choice.Decision.REFUSED, Choice.Decision.WITHDRAWN),
            at__gte=OuterRef("settled_at"),
        )
    )


@action
def _choose(campaign: Campaign, subject: str, by: By, actor: Actor) -> Campaign:
    state = Campaign.State
    found = move(campaign, {state.SENDING}, state.SENDING, "choose the subject")
    if found.chosen or not found.tries:
        raise StateDenied("The subject is chosen already.", do="Look at the campaign again.")
    found.chosen, found.chosen_by = subject, by
    found.save(update_fields=["chosen", "chosen_by"])
    rest = Copy.objects.filter(campaign=found, subject=Copy.UNDECIDED, state=Copy.State.QUEUED)
    count = rest.update(subject=subject, due_at=clock.now())
    record(
        act=acts.SUBJECT,
        organisation=found.organisation_id,
        actor=actor,
        purpose=found.purpose,
        clause=found.clause,
        version=found.version,
        count=count,
        detail={"campaign": found.ref, "which": subject, "by": by},
    )
    return found
