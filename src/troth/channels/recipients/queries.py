"""What the pages show of recipients: numbers and keys, and no value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Max, Sum

from troth.channels.recipients import announcing
from troth.channels.recipients.listing import categories_held
from troth.channels.recipients.models import Announcement, Connector, Delivery, Handover
from troth.core import clock
from troth.core.gate.deciding import REASONS
from troth.core.notices.versions import current
from troth.core.recipients.binding import named
from troth.core.recipients.models import Foretold, Suspension
from troth.core.recipients.standing import Bar, Required, barred, required, suspension
from troth.kit.categories import in_words
from troth.policy.blocks import Recipient, Share
from troth.policy.effects import SAFEGUARDS

STATES: Final = {
    "held": ("good", "on file"),
    "missing": ("danger", "missing"),
    "lapsed": ("danger", "run out"),
    "weaker": ("danger", "too weak"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient in the list."""

    key: str
    party: Recipient
    purposes: tuple[str, ...]
    bar: Bar | None
    why: str
    expired: bool
    people: int
    last: datetime | None


def rows() -> list[Row]:
    """All recipients of the policy in force."""
    rules, today = current().rules, clock.now().date()
    given = _given()
    found = []
    for key, party in rules.recipients.items():
        labels = dict.fromkeys(
            rules.purposes[purpose].label
            for share in rules.policy.shares
            if key in share.recipients
            for purpose in share.purposes
        )
        bar = barred(key, rules)
        people, last = given.get(key, (0, None))
        expired = party.expires is not None and party.expires <= today
        why = REASONS[bar.reason][0] if bar else ""
        found.append(Row(key, party, tuple(labels), bar, why, expired, people, last))
    return found


def _given() -> Mapping[str, tuple[int, datetime | None]]:
    """By recipient: how many people's data went, list by list and one by one, and when last."""
    found: dict[str, tuple[int, datetime | None]] = {}
    lists = Handover.objects.filter(state=Handover.State.GIVEN).order_by().values("recipient")
    for row in lists.annotate(number=Sum("people"), last=Max("given_at")):
        found[row["recipient"]] = (row["number"], row["last"])
    said = Delivery.objects.filter(
        state=Delivery.State.DONE, kind__in=(Delivery.Kind.PUT, Delivery.Kind.CHECK)
    )
    singly = said.order_by().values("connector__recipient")
    for one in singly.annotate(number=Count("pk"), last=Max("done_at")):
        key = one["connector__recipient"]
        people, last = found.get(key, (0, None))
        latest = max(filter(None, (last, one["last"])), default=None)
        found[key] = (people + one["number"], latest)
    return found


def page_of(to: str) -> dict[str, Any]:
    """All that the page of one recipient shows."""
    party, rules = named(to), current().rules
    shares = [share for share in rules.policy.shares if to in share.recipients]
    bar = barred(to, rules)
    return {
        "to": to,
        "party": party,
        "bar": bar,
        "why": REASONS[bar.reason] if bar else ("", ""),
        "safeguards": [SAFEGUARDS[one] for one in party.safeguards],
        "expired": party.expires is not None and party.expires <= clock.now().date(),
        "shares": [_share(share) for share in shares],
        "required": [(one, *STATES[one.state], _kind(one)) for one in required(to, rules)],
        "suspended": suspension(to),
        "suspensions": Suspension.objects.filter(recipient=to).exclude(lifted_at=None)[:10],
        "announced": [_announced(one) for one in Announcement.objects.filter(recipient=to)],
        "lists": Handover.objects.filter(recipient=to)[:20],
        "connectors": [_connected(one) for one in Connector.objects.filter(recipient=to)],
        "telling": [_to_tell(to, *one) for one in _announceable(shares)],
    }


def _share(share: Share) -> dict[str, Any]:
    rules = current().rules
    return {
        "clause": share.clause,
        "text": share.text,
        "choice": share.choice,
        "window": share.window,
        "data": [in_words(rules.category(name)) for name in share.data],
        "purposes": [rules.purposes[key].label for key in share.purposes],
    }


def _kind(one: Required) -> str:
    from troth.core.recipients.models import Bond  # noqa: PLC0415 - labels

    return str(Bond.Kind(one.kind).label)


def _announceable(shares: list[Share]) -> list[tuple[str, Share]]:
    return [
        (purpose, share)
        for share in shares
        if announcing.announceable(share)
        for purpose in share.purposes
    ]


def _to_tell(to: str, purpose: str, share: Share) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "label": current().rules.purposes[purpose].label,
        "clause": share.clause,
        "untold": announcing.untold(to, purpose),
    }


def _announced(found: Announcement) -> dict[str, Any]:
    told = Foretold.objects.filter(recipient=found.recipient, purpose=found.purpose)
    rules = current().rules
    purpose = rules.purposes.get(found.purpose)
    return {
        "one": found,
        "label": purpose.label if purpose else found.purpose,
        "told": told.count(),
        "over": told.filter(opens_at__lte=clock.now()).count(),
    }


def _connected(found: Connector) -> dict[str, Any]:
    counts = dict(found.deliveries.order_by().values_list("state").annotate(number=Count("pk")))
    return {"one": found, "counts": counts}


def purposes_of(to: str) -> list[tuple[str, str]]:
    """The purposes for which a list can be made for it: those whose clauses need no case."""
    rules = current().rules
    found = {
        purpose: rules.purposes[purpose].label
        for share in rules.policy.shares
        if to in share.recipients and not (share.grounds or share.needs or share.aggregate)
        for purpose in share.purposes
    }
    return list(found.items())


def columns(to: str) -> list[tuple[str, str]]:
    """What may be asked for: what its clauses name, and everything held besides, which is stripped
    where no clause gives it.
    """
    rules = current().rules
    named = [
        rules.category(name)
        for share in rules.policy.shares
        if to in share.recipients
        for name in share.data
    ]
    held = categories_held()
    # A wide category stands for what is held of it.
    narrow = [key for key in named if not any(one.startswith(f"{key}.") for one in held)]
    return [(key, in_words(key)) for key in dict.fromkeys([*narrow, *held])]
