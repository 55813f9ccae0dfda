"""What became of a copy after the server took it: bounces and complaints, whoever tells of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Q

from troth.channels.campaigns import acts, suppression
from troth.channels.campaigns.conduct import conduct, stop
from troth.channels.campaigns.freezing import WORKER
from troth.channels.campaigns.leaving import leave
from troth.channels.campaigns.models import Copy
from troth.core import clock
from troth.core.actions import action
from troth.core.ledger.api import record
from troth.core.notices.versions import current

COUNTED: Final = timedelta(days=7)
"""Complaints are counted among the copies of the last week."""
FEWEST: Final = 3
"""Fewer complaints than this stop nothing: of ten copies one would be a tenth."""


@action
def bounced(copy: Copy, *, status: str, hard: bool, gone: bool) -> None:
    """A copy came back. `hard`: it did not arrive; `gone`: the address is mailed no more.

    A soft bounce (not `hard`, or for a cause that passes: 4.x.x) is noted on the copy and changes
    nothing else, until there were as many as the organisation allows within its days. A copy that
    was complained of stays so, and what its bounce tells of the address counts. Safe to repeat.
    """
    found = Copy.objects.select_for_update().get(pk=copy.pk)
    if found.state == Copy.State.COMPLAINED and hard and gone and suppression.is_none(found):
        Copy.objects.filter(pk=found.pk).update(code=status[:14])
        _record(acts.BOUNCED, copy)
    if found.state in (Copy.State.BOUNCED, Copy.State.COMPLAINED):
        return
    if not hard or status.startswith("4."):
        state = Copy.State.BOUNCED if hard else found.state
        Copy.objects.filter(pk=found.pk).update(
            state=state, code=status[:14], reason="soft", worker=None if hard else found.worker
        )
        if _too_soft(found):
            Copy.objects.filter(pk=found.pk).update(
                state=Copy.State.BOUNCED, reason="soft-often", worker=None
            )
            suppression.suppress(copy, reason="bounced")
            _record(acts.BOUNCED, copy)
        return
    Copy.objects.filter(pk=found.pk).update(
        state=Copy.State.BOUNCED, code=status[:14], reason="bounced", worker=None
    )
    if gone:
        suppression.suppress(copy, reason="bounced")
        _record(acts.BOUNCED, copy)


@action
def delayed(copy: Copy, *, status: str) -> None:
    """A server tells that it tries on: noted on the copy, and no bounce. Safe to repeat."""
    there = Copy.objects.filter(pk=copy.pk, state=Copy.State.ACCEPTED, reason="")
    there.update(code=status[:14], reason="delayed")


def _too_soft(copy: Copy) -> bool:
    """Whether this person's letters have come back for now too often, this one counted."""
    limits = conduct()
    since = clock.now() - timedelta(days=limits.soft_days)
    mine = Copy.objects.filter(
        person__root_id=copy.person.root_id, reason="soft", settled_at__gte=since
    )
    return mine.count() >= limits.soft_most


@action
def complained(copy: Copy) -> None:
    """Somebody called a copy unwanted: that is a no to its purpose, and their address is left
    alone. Too many stop the organisation's sending. Safe to repeat.
    """
    found = Copy.objects.select_for_update().get(pk=copy.pk)
    if found.state == Copy.State.COMPLAINED:
        return
    suppression.suppress(copy, reason="complained")
    Copy.objects.filter(pk=found.pk).update(
        state=Copy.State.COMPLAINED, reason="complained", worker=None
    )
    leave(copy, way="complaint")
    _record(acts.COMPLAINED, copy)
    if complaints().too_many:
        stop(actor=WORKER, cause="complaints")


class Complaints:
    """How many complained, among how many copies that left, in the last week."""

    def __init__(self, complained: int, sent: int, limit: int) -> None:
        self.complained, self.sent, self.limit = complained, sent, limit

    @property
    def too_many(self) -> bool:
        share = self.complained * 10_000 > self.limit * max(self.sent, 1)
        return self.complained >= FEWEST and share


def complaints() -> Complaints:
    """The organisation's complaint rate, beside its limit."""
    gone = (Copy.State.ACCEPTED, Copy.State.BOUNCED, Copy.State.COMPLAINED)
    # What was complained of before the organisation was let go on does not stop it again.
    since = clock.now() - COUNTED
    rows = Copy.objects.filter(settled_at__gte=since).aggregate(
        sent=Count("id", filter=Q(state__in=gone)),
        complained=Count("id", filter=Q(state=Copy.State.COMPLAINED)),
    )
    return Complaints(rows["complained"], rows["sent"], conduct().complaint_limit)


def _record(act: str, copy: Copy) -> None:
    published = current()
    touchpoint = published.rules.touchpoints.get("campaigns.delivery")
    with transaction.atomic():
        record(
            act=act,
            organisation=copy.organisation_id,
            actor=WORKER,
            subject=copy.person.ref,
            purpose=copy.campaign.purpose,
            clause=touchpoint.clause if touchpoint else "",
            version=published.version,
            detail={"campaign": copy.campaign.ref},
        )
