"""The sending process: round and round over what is due, until it is told to stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import close_old_connections

from troth.channels.campaigns.choosing import choose_if_due, waits
from troth.channels.campaigns.freezing import freeze
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.moving import StateDenied
from troth.channels.campaigns.sending import claiming, pacing
from troth.channels.campaigns.sending.claiming import Batch, Claim
from troth.channels.campaigns.sending.ending import finish
from troth.channels.campaigns.sending.journal import Journal, Said
from troth.channels.campaigns.sending.settling import Settled, let_go, recover, settle
from troth.channels.campaigns.sending.writing import Written, written
from troth.core import clock
from troth.core.errors import Refusal
from troth.core.gate.denials import UseDenied
from troth.core.notices.versions import current
from troth.core.organisations.scope import everywhere, scope
from troth.kit.mail import MailInvalid
from troth.kit.mail.pipeline import Outgoing, Pipeline, ServerMissing
from troth.kit.mail.press import checked_address
from troth.kit.mail.transport import transport

GATE_HOLDS: Final = 2.0
"""Seconds an answer of the gate is good for: a copy that has not left by then is asked about anew,
so that an unsubscribe counts also where the server is slow."""
FEWEST, MOST = 10, 600
IDLE: Final = 1.0
REST: Final = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)  # seconds, while the mail server is away
logger = logging.getLogger("troth.campaigns")
KINDS: Final = {"accepted": "A", "deferred": "D", "refused": "F"}


@dataclass
class Sender:
    """One process: its journal, its connection, and the size of batch that suits the server."""

    journal: Journal
    pipeline: Pipeline[int] = field(default_factory=lambda: Pipeline(transport()))
    size: int = 100
    away: int = 0
    """How many times in a row the server could not be reached."""

    interrupted: bool = False
    """Whether the last round ended in an error, with copies still in hand."""

    def round(self) -> bool:
        """Everything that is due once. Returns whether there was anything."""
        if self.interrupted:
            self.give_back()
        recover()
        busy = False
        for organisation in _due():
            with scope(organisation):
                busy |= self._organisation()
        return busy

    def give_back(self) -> None:
        """Let go of what an error left in hand, so that it waits for no restart."""
        self.interrupted = True
        self.pipeline.drop()  # it may be in the middle of a letter
        let_go(self.journal.found())
        self.journal.clear()
        self.interrupted = False

    def _organisation(self) -> bool:
        state, busy = Campaign.State, False
        for campaign in Campaign.objects.filter(
            state=state.SCHEDULED, scheduled_for__lte=clock.now()
        ):
            try:
                freeze(campaign)
            except StateDenied:
                continue  # another process was quicker, or somebody took it back
            busy = True
        for campaign in Campaign.objects.filter(state=state.SENDING).order_by("frozen_at"):
            choose_if_due(campaign)
            busy |= self.batch(campaign)
        return busy

    def batch(self, campaign: Campaign) -> bool:
        """One batch of a campaign. Returns whether anything left or might yet."""
        if not _can_be_written(campaign):
            return False
        allowed = pacing.take(self.size)
        claims = claiming.claim(campaign, self.journal.worker, allowed) if allowed else []
        pacing.give_back(allowed - len(claims))
        if not claims:
            if allowed:
                finish(campaign)
            return False
        letter, found, started = written(campaign), Settled(), time.monotonic()
        try:
            with claiming.asked(campaign, claims, letter.slots) as batch:
                found.dropped |= batch.dropped
                self._deliver(batch, letter, found, time.monotonic())
        except UseDenied:
            pass  # somebody refused between the choosing and the opening: all are asked anew
        untold = {one.copy for one in claims} - found.said.keys() - found.dropped.keys()
        for copy in untold:
            found.back.setdefault(copy, None)
        self.journal.settle()
        settle(self.journal.worker, found)
        self.journal.clear()
        self._suit(len(claims) - len(found.back), time.monotonic() - started)
        return True

    def _deliver(self, batch: Batch, letter: Written, found: Settled, asked: float) -> None:
        last: list[int] = []

        def leaving(copy: int) -> None:
            last[:] = [copy]
            self.journal.leaving(copy)

        messages = self._messages(batch, letter, found, asked)
        try:
            for copy, outcome in self.pipeline.send(messages, leaving):
                said = Said(KINDS[outcome.state], outcome.code, outcome.words)
                found.said[copy] = said
                self.journal.note(copy, said)
            self.away = 0
        except ServerMissing as missing:
            if missing.uncertain:
                found.uncertain.update(last)
            # What it answered before shows that it is there, and only this connection ended.
            self.away = 0 if found.said else self.away + 1
            if self.away == 1:
                logger.warning("%s It is tried again.", missing.words)

    def _messages(
        self, batch: Batch, letter: Written, found: Settled, asked: float
    ) -> Iterator[Outgoing[int]]:
        room = dict(pacing.take_of_domains(_domains(batch)))
        for claim in batch.claims:
            if claim.copy in batch.dropped:
                continue
            if time.monotonic() - asked > GATE_HOLDS:
                return
            values = batch.values[claim.person]
            domain = values["@"].rpartition("@")[2]
            try:
                values["@"] = checked_address(values["@"])
            except MailInvalid:
                found.dropped[claim.copy] = "bad-address"
                continue
            if room.get(domain, 0) < 1:
                wait = timedelta(seconds=1 / pacing.domain_rate())
                found.back[claim.copy] = clock.now() + wait
                continue
            room[domain] -= 1
            yield self._outgoing(claim, letter, values, follow=claim.person in batch.followed)

    @staticmethod
    def _outgoing(
        claim: Claim, letter: Written, values: dict[str, str], *, follow: bool
    ) -> Outgoing[int]:
        return Outgoing(
            claim.copy,
            letter.return_path(claim.copy),
            values["@"],
            letter.press(claim.subject, follow=follow).size,
            lambda: letter.message(claim, values, follow=follow),
        )

    def _suit(self, left: int, seconds: float) -> None:
        """Grow while a batch is done well within what the gate's answer is good for."""
        if seconds < GATE_HOLDS / 4 and left >= self.size // 2:
            self.size = min(MOST, self.size * 2)
        elif seconds > GATE_HOLDS / 2:
            self.size = max(FEWEST, self.size // 2)


def run(stop: threading.Event, *, once: bool = False) -> bool:
    """Send until `stop` is set; with `once`, until nothing is due any more, or nothing of it may
    leave. Returns whether something is held back.
    """
    with Journal() as journal:
        sender = Sender(journal)
        try:
            while not stop.is_set():
                try:
                    busy = sender.round()
                except Exception:  # whatever it is, what is in hand is given back and goes later
                    close_old_connections()
                    if once:
                        sender.give_back()
                        raise
                    logger.exception("Sending was interrupted; it is tried again.")
                    sender.interrupted = True
                    busy, sender.away = False, sender.away + 1
                if sender.away:
                    if once and sender.away > len(REST):
                        return False
                    stop.wait(REST[min(sender.away, len(REST)) - 1])
                elif not busy:
                    if once and not _may_leave():
                        return bool(_due())
                    stop.wait(IDLE if not once else IDLE / 10)
        finally:
            sender.pipeline.close()
    return False


def _can_be_written(campaign: Campaign) -> bool:
    """Whether the policy in force still lets it say what it says. One it does not waits, and keeps
    back nobody else's; its page tells the staff why.
    """
    if campaign.purpose not in current().rules.purposes:
        return False
    try:
        written(campaign)
    except Refusal:
        return False
    return True


def _may_leave() -> bool:
    """Whether anything that is due is not held back."""
    for organisation in _due():
        with scope(organisation):
            sending = Campaign.objects.filter(state=Campaign.State.SENDING)
            if any(
                not claiming.holds(one) and not waits(one) and _can_be_written(one)
                for one in sending
            ):
                return True
    return False


def _due() -> list[UUID]:
    """The organisations that have something to send."""
    state = Campaign.State
    with everywhere("which organisations have campaigns to send"):
        scheduled = Campaign.objects.filter(
            state=state.SCHEDULED, scheduled_for__lte=clock.now()
        ).values_list("organisation_id", flat=True)
        sending = Campaign.objects.filter(state=state.SENDING)
        return sorted({*scheduled, *sending.values_list("organisation_id", flat=True)})


def _domains(batch: Batch) -> dict[str, int]:
    found: dict[str, int] = {}
    for values in batch.values.values():
        if "@" in values:
            domain = values["@"].rpartition("@")[2]
            found[domain] = found.get(domain, 0) + 1
    return found
