"""The demo's campaigns: written, read, sent and answered by the real actions.

Only the mail server of that past time is imagined: it takes all but a few.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from heapq import heappush
from typing import Final
from uuid import uuid4

from troth.channels.campaigns import actions, content, delivered, opening
from troth.channels.campaigns.explaining import explain
from troth.channels.campaigns.freezing import freeze
from troth.channels.campaigns.leaving import leave
from troth.channels.campaigns.models import Campaign, Copy
from troth.channels.campaigns.purposes import purposes
from troth.channels.campaigns.sending.claiming import asked, claim
from troth.channels.campaigns.sending.ending import finish
from troth.channels.campaigns.sending.journal import Said
from troth.channels.campaigns.sending.settling import Settled, settle
from troth.core import clock
from troth.core.notices.versions import current
from troth.hub.demo import letters
from troth.hub.demo.history import Event, History
from troth.hub.demo.letters import Letter

BATCH: Final = 200
REFUSED: Final = Said("F", 550, "5.1.1 There is nobody of this name here")
MARKETING: Final = "marketing.communications"


def plan(history: History) -> None:
    """Lay out the campaigns of the months past; nothing where the policy has no such purpose."""
    news, offers = _purpose(""), _purpose("offers")
    if not news:
        return
    ago: list[tuple[timedelta, Callable[[], None]]] = [
        (timedelta(days=160), lambda: _send(history, letters.AUTUMN, news)),
        (timedelta(days=38), lambda: _send(history, letters.SPRING, news)),
    ]
    if offers:
        ago.append((timedelta(days=6), lambda: _send(history, letters.OFFER, offers)))
    if actions.grounds():
        ago += [
            (timedelta(days=30), lambda: _read_first(history)),
            (timedelta(days=9), lambda: _reject(history, news)),
        ]
    for before, run in ago:
        heappush(history.events, Event(history.now - before, run))


def leave_open(history: History) -> None:
    """What is on the desk today: a draft, one that leaves in two days, one that waits."""
    news = _purpose("")
    if news:
        actions.write(_writing(letters.DRAFT, news), actor=history.staff["marketing"])
        _hand_in(history, letters.INVITATION, news, later=timedelta(days=2))


def _purpose(like: str) -> str:
    """The first purpose of that kind whose mails the marketing staff may write."""
    for key, found in purposes().items():
        if found.use.startswith(MARKETING) and like in key:
            return key
    return ""


def _writing(letter: Letter, purpose: str) -> actions.Writing:
    company = current().policy.company.name
    return actions.Writing(
        name=letter.name,
        purpose=purpose,
        subject=letter.subject,
        body=letter.body.format(company=company),
        subject_b=letter.subject_b,
        share_b=50 if letter.subject_b else 0,
        in_archive=letter.public,
    )


def _hand_in(
    history: History, letter: Letter, purpose: str, *, later: timedelta | None = None
) -> Campaign:
    actor = history.staff["marketing"]
    campaign = actions.write(_writing(letter, purpose), actor=actor)
    return actions.submit(campaign, actor=actor, at=clock.now() + later if later else None)


def _send(history: History, letter: Letter, purpose: str) -> None:
    if purpose not in purposes():
        return  # the version in force at that time did not have it yet
    campaign = _hand_in(history, letter, purpose)
    if campaign.state == Campaign.State.WAITING:
        campaign = actions.approve(campaign, actor=history.staff["owner"])
    if not explain(campaign).gets:
        actions.cancel(campaign, actor=history.staff["marketing"])
        return
    freeze(campaign)
    campaign.refresh_from_db()
    _deliver(history, campaign)
    finish(campaign)
    heappush(history.events, Event(clock.now() + timedelta(hours=7), lambda: _answer(campaign)))


def _deliver(history: History, campaign: Campaign) -> None:
    """As a sending process does, with a server that refuses one in forty."""
    worker = uuid4()
    slots = content.letter(
        purpose=campaign.purpose,
        subjects=[campaign.subject, campaign.subject_b],
        body=campaign.body,
        markup=campaign.format,
        footer="",
    ).used
    while claims := claim(campaign, worker, BATCH):
        found = Settled()
        with asked(campaign, claims, slots) as batch:
            found.dropped |= batch.dropped
            for one in claims:
                if one.copy not in batch.dropped:
                    taken = history.choose.random() > 1 / 40
                    found.said[one.copy] = Said("A", 250, "") if taken else REFUSED
        settle(worker, found)


def _answer(campaign: Campaign) -> None:
    """Some hours later: a few open it, one comes back, one is unwanted, two people leave."""
    taken = list(Copy.objects.filter(campaign=campaign, state=Copy.State.ACCEPTED).order_by("id"))
    for copy in taken[::2]:
        opening.note_opening(copy, what="opened_at")
    for copy in taken[3:4]:
        delivered.bounced(copy, status="5.1.1", hard=True, gone=True)
    for copy in taken[30:31]:
        delivered.complained(copy)
    for copy in taken[7:30:13]:
        leave(copy, way="unsubscribe-link")


def _read_first(history: History) -> None:
    actions.require_moderation(actor=history.staff["owner"], needed=True)


def _reject(history: History, purpose: str) -> None:
    campaign = _hand_in(history, letters.SHOUT, purpose)
    ground = actions.grounds()[0]
    actions.reject(campaign, actor=history.staff["owner"], ground=ground, reason=letters.REPLY)
