"""What can be done with campaigns. Each verb: gate → change → ledger, in one transaction.

    draft → waiting → scheduled → sending ⇄ paused → done
                ↘ rejected → draft          any of them before done → cancelled

A step that is not possible from where a campaign is raises `StateDenied` with words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from troth.channels.campaigns import acts, content, layout_keeping, layouts, notices
from troth.channels.campaigns.conduct import (
    conduct,
    limit_complaints,
    limit_soft_bounces,
    name_sender,
    release,
    require_moderation,
    stop,
)
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.moving import move
from troth.channels.campaigns.notifying import tell_author
from troth.channels.campaigns.purposes import purpose_named
from troth.channels.campaigns.segments import checked, equals
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid
from troth.core.ledger.api import record
from troth.core.notices.versions import current

__all__ = [
    "Writing",
    "approve",
    "cancel",
    "change",
    "equals",
    "limit_complaints",
    "limit_soft_bounces",
    "name_sender",
    "pause",
    "reject",
    "release",
    "remove",
    "require_moderation",
    "resume",
    "revise",
    "stop",
    "submit",
    "write",
]
TRIED, HOURS = (1, 100), (1, 168)
WRITE, SEND, MODERATE = "mail.write", "mail.send", "mail.moderate"
"""The abilities of a staff role."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What an author writes: the fields of the form, as they are saved. `kind` is that of the
    beginning: a draft of news never becomes a notice.
    """

    name: str
    purpose: str
    subject: str
    body: str
    format: str = Campaign.Format.MARKDOWN
    subject_b: str = ""
    share_b: int = 0
    try_share: int = 100
    try_hours: int = 4
    sender_name: str = ""
    in_archive: bool = False
    segment: list[dict[str, str]] = field(default_factory=list)
    kind: str = Campaign.Kind.NEWS
    layout: str = ""


@action
def write(writing: Writing, *, actor: Actor) -> Campaign:
    """Begin a campaign as a draft.

    Raises `PurposeDenied` for an essential purpose (for any other, if it is a notice),
    `content.SlotDenied` with the clause for a slot the purpose does not permit,
    `content.ContentInvalid`, `segments.SegmentInvalid`, `notices.NoticeDenied`.
    """
    made = Campaign(author=actor.ref if actor.kind == "staff" else "", created_at=clock.now())
    made.kind = Campaign.Kind(writing.kind)
    _take(made, writing, actor)
    made.save(force_insert=True)
    _note(acts.WRITTEN, made, actor)
    return made


@action
def change(campaign: Campaign, writing: Writing, *, actor: Actor) -> Campaign:
    """Change a draft. Raises as `write` does, and `StateDenied` for anything but a draft."""
    campaign = move(campaign, {Campaign.State.DRAFT}, Campaign.State.DRAFT, "change it")
    _take(campaign, writing, actor)
    campaign.save()
    _note(acts.CHANGED, campaign, actor)
    return campaign


@action
def remove(campaign: Campaign, *, actor: Actor) -> None:
    """Throw a draft away. What has left stays, since people can ask why they got it."""
    actor.needs(WRITE)
    state = Campaign.State
    campaign = move(campaign, {state.DRAFT, state.REJECTED}, state.DRAFT, "throw it away")
    _note(acts.REMOVED, campaign, actor)
    campaign.delete()


@action
def submit(campaign: Campaign, *, actor: Actor, at: datetime | None = None) -> Campaign:
    """Hand it in, to leave `at` (now if left out). It waits where moderation is needed."""
    actor.needs(SEND)
    _may(actor, campaign)
    if at is not None and at.tzinfo is None:
        raise Invalid("A time to send at needs a time zone.")
    waits = conduct().moderation_needed
    to = Campaign.State.WAITING if waits else Campaign.State.SCHEDULED
    campaign = move(campaign, {Campaign.State.DRAFT}, to, "hand it in")
    _check(campaign)
    if not campaign.body.strip():
        raise content.ContentInvalid("The letter is empty.", do="Write something first.")
    campaign.scheduled_for = at or clock.now()
    campaign.save(update_fields=["scheduled_for"])
    _note(acts.SUBMITTED, campaign, actor)
    return campaign


@action
def approve(campaign: Campaign, *, actor: Actor) -> Campaign:
    """Let a waiting campaign leave at its time."""
    actor.needs(MODERATE)
    state = Campaign.State
    campaign = move(campaign, {state.WAITING}, state.SCHEDULED, "approve it")
    _note(acts.APPROVED, campaign, actor)
    return campaign


@action
def reject(campaign: Campaign, *, actor: Actor, ground: str, reason: str) -> Campaign:
    """Send a waiting campaign back to its author, on a ground of the policy, in words."""
    actor.needs(MODERATE)
    if ground not in grounds():
        raise Invalid(
            "A campaign is rejected on a ground of the policy.",
            why="Grounds are: " + (", ".join(grounds()) or "none; the policy has no such clause"),
            do="Choose one of them.",
        )
    if not reason.strip():
        raise Invalid("Say why.", why="Its author is told.", do="Write a sentence.")
    state = Campaign.State
    campaign = move(campaign, {state.WAITING}, state.REJECTED, "reject it")
    campaign.ground, campaign.reason = ground, reason.strip()
    campaign.save(update_fields=["ground", "reason"])
    _note(acts.REJECTED, campaign, actor, {"ground": ground})
    tell_author(campaign, actor=actor)
    return campaign


@action
def revise(campaign: Campaign, *, actor: Actor) -> Campaign:
    """Take a rejected or scheduled campaign back to be changed."""
    actor.needs(WRITE)
    state = Campaign.State
    back = {state.REJECTED, state.WAITING, state.SCHEDULED}
    campaign = move(campaign, back, state.DRAFT, "change it again")
    campaign.scheduled_for = None
    campaign.save(update_fields=["scheduled_for"])
    _note(acts.CHANGED, campaign, actor)
    return campaign


@action
def pause(campaign: Campaign, *, actor: Actor) -> Campaign:
    """Let no further copy leave. What a sending process has in hand (two seconds' worth at most)
    may still leave.
    """
    actor.needs(SEND)
    state = Campaign.State
    campaign = move(campaign, {state.SENDING}, state.PAUSED, "pause it")
    _note(acts.PAUSED, campaign, actor)
    return campaign


@action
def resume(campaign: Campaign, *, actor: Actor) -> Campaign:
    """Go on where it was paused."""
    actor.needs(SEND)
    state = Campaign.State
    campaign = move(campaign, {state.PAUSED}, state.SENDING, "let it go on")
    _note(acts.RESUMED, campaign, actor)
    return campaign


@action
def cancel(campaign: Campaign, *, actor: Actor) -> Campaign:
    """End it for good. Copies that have not left never will."""
    actor.needs(SEND)
    state = Campaign.State
    living = {state.WAITING, state.SCHEDULED, state.SENDING, state.PAUSED}
    campaign = move(campaign, living, state.CANCELLED, "cancel it")
    campaign.finished_at = clock.now()
    campaign.save(update_fields=["finished_at"])
    _note(acts.CANCELLED, campaign, actor)
    return campaign


def grounds() -> tuple[str, ...]:
    """The grounds on which the policy lets a campaign be held back."""
    blocks = (one for one in current().policy.moderates if one.what == "campaigns")
    return tuple(dict.fromkeys(ground for block in blocks for ground in block.grounds))


def _take(campaign: Campaign, writing: Writing, actor: Actor) -> None:
    actor.needs(WRITE)
    campaign.purpose = writing.purpose
    _may(actor, campaign)
    name, subject = writing.name.strip(), writing.subject.strip()
    if not name or not subject:
        raise Invalid("A campaign needs a name and a subject.", do="Write both.")
    if not 0 <= writing.share_b <= 99:  # noqa: PLR2004 - a hundred would leave no first subject
        raise Invalid("The second subject is for 0 to 99 of a hundred people.")
    campaign.name, campaign.subject = name, subject
    campaign.subject_b = writing.subject_b.strip()
    if not (
        TRIED[0] <= writing.try_share <= TRIED[1] and HOURS[0] <= writing.try_hours <= HOURS[1]
    ):
        raise Invalid("Two subjects are tried on 1 to 100 of a hundred people, for 1 to 168 hours.")
    campaign.try_share, campaign.try_hours = writing.try_share, writing.try_hours
    campaign.share_b = writing.share_b if campaign.subject_b else 0
    campaign.body, campaign.format = writing.body, Campaign.Format(writing.format)
    campaign.sender_name = writing.sender_name.strip()
    campaign.in_archive = writing.in_archive
    campaign.layout = layout_keeping.by_ref(writing.layout) if writing.layout else None
    campaign.segment = writing.segment
    _check(campaign)
    campaign.segment = checked(writing.segment, writing.purpose)


def _check(campaign: Campaign) -> None:
    purpose_named(campaign.purpose, campaign.kind)
    notices.check(campaign)
    if campaign.layout:
        layouts.check(campaign.layout.html)
    checked(campaign.segment, campaign.purpose)
    for field_, text in (("sender", campaign.sender_name), ("name", campaign.name)):
        if not text.isprintable():
            raise Invalid(f"The {field_} is one line of plain text.")
    content.check(
        purpose=campaign.purpose,
        subjects=[campaign.subject, campaign.subject_b],
        body=campaign.body,
        markup=campaign.format,
        notice=campaign.kind == Campaign.Kind.NOTICE,
    )


def _may(actor: Actor, campaign: Campaign) -> None:
    found = purpose_named(campaign.purpose, campaign.kind)
    if actor.purposes is not None and campaign.purpose not in actor.purposes:
        raise Denied(
            f"Your role does not include “{found.label}”.",
            why="A campaign uses data for its purpose.",
            clause=found.clause,
            do="Choose a purpose of your role, or ask an owner to change the role.",
        )


def _note(
    act: str, campaign: Campaign, actor: Actor, detail: Mapping[str, Any] | None = None
) -> None:
    published = current()
    found = published.rules.purposes.get(campaign.purpose)
    record(
        act=act,
        organisation=campaign.organisation_id,
        actor=actor,
        purpose=campaign.purpose,
        clause=found.clause if found else "",
        version=published.version,
        detail={"campaign": campaign.ref, **(detail or {})},
    )
