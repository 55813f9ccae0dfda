"""How far a campaign is, and what became of it: counts for the pages. Nobody's data is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef

from troth.channels.campaigns import queries, wording
from troth.channels.campaigns.models import Campaign, Copy
from troth.channels.campaigns.purposes import OPENED, tracking_purpose
from troth.channels.campaigns.queries import Progress
from troth.core import clock
from troth.core.choices.models import Choice
from troth.core.notices.versions import current
from troth.kit.charts import Chart, Part, stacked

REASONS: Final = 20
_NO: Final = (Choice.Decision.REFUSED, Choice.Decision.WITHDRAWN)
_OPENING: Final = "user.behavior"


@dataclass(frozen=True, slots=True)
class Pace:
    """Copies a second on average since it began, and when the last would leave at that rate."""

    rate: float
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Opens:
    """Whether openings are counted at all: under which clause, for which purpose; or why not."""

    counted: bool
    clause: str
    label: str = ""
    why: str = ""


def pace(campaign: Campaign, found: Progress) -> Pace | None:
    """None until it moves, and while it stands still."""
    if campaign.state != Campaign.State.SENDING or campaign.frozen_at is None:
        return None
    now = clock.now()
    seconds = (now - campaign.frozen_at).total_seconds()
    gone = found.total - found.left
    if gone <= 0 or seconds <= 0:
        return None
    rate = gone / seconds
    return Pace(rate, now + timedelta(seconds=found.left / rate) if found.left else None)


def chart(found: Progress) -> Chart:
    """The copies by state."""
    parts = [
        Part(sign.word.capitalize(), found.of(state))
        for state, sign in wording.COPIES.items()
        if found.of(state)
    ]
    return stacked("What became of each copy", parts, unit="copies")


def reasons(campaign: Campaign) -> list[dict[str, Any]]:
    """Replies of servers to what did not arrive, the most frequent first."""
    rows = (
        Copy.objects.filter(campaign=campaign, state__in=queries.TROUBLE)
        .values("state", "code", "words", "reason")
        .annotate(count=Count("id"))
        .order_by("-count", "state")[:REASONS]
    )
    return [
        {
            **row,
            "sign": wording.COPIES[row["state"]],
            "why": wording.reason(row["state"], row["reason"]),
        }
        for row in rows
    ]


def left_since(campaign: Campaign) -> int:
    """How many of those it reached have said no to its purpose since they got it."""
    if campaign.frozen_at is None:
        return 0
    got = Copy.objects.filter(
        campaign=campaign,
        person__root_id=OuterRef("person__root_id"),
        state__in=(Copy.State.ACCEPTED, Copy.State.COMPLAINED),
        settled_at__lte=OuterRef("at"),
    )
    since = Choice.objects.filter(
        Exists(got), purpose=campaign.purpose, decision__in=_NO, at__gte=campaign.frozen_at
    )
    return since.values("person__root_id").distinct().count()


def opens(campaign: Campaign) -> Opens:
    """Openings are counted where a clause collects them, and there only of who said yes."""
    rules = current().rules
    touchpoint, purpose = rules.touchpoints.get(OPENED), tracking_purpose()
    if touchpoint is not None and purpose:
        return Opens(True, touchpoint.clause, rules.purposes[purpose].label)
    rule = rules.find("collect", campaign.purpose, _OPENING, OPENED)
    known = rules.purposes.get(campaign.purpose)
    clause = rule.clause or (known.clause if known else "")
    return Opens(False, clause, known.label if known else campaign.purpose)


def subjects(campaign: Campaign) -> list[dict[str, Any]]:
    """The two subjects beside each other; none where there was one alone."""
    if not campaign.subject_b:
        return []
    counts = queries.subjects_compared(campaign)
    words = {"a": campaign.subject, "b": campaign.subject_b}
    rows = []
    for key, subject in words.items():
        row: dict[str, Any] = {"key": key.upper(), "subject": subject, **counts.get(key, {})}
        accepted = row.get("accepted", 0)
        for name in ("opened", "clicked"):
            row[f"{name}_share"] = f"{row.get(name, 0) / accepted:.1%}" if accepted else "–"
        rows.append(row)
    return rows


def choice_at(campaign: Campaign) -> datetime | None:
    """When the better of two subjects is chosen by itself; None if nothing waits for it."""
    sending = campaign.state == Campaign.State.SENDING and campaign.frozen_at is not None
    if not sending or not campaign.tries or campaign.chosen or campaign.frozen_at is None:
        return None
    return campaign.frozen_at + timedelta(hours=campaign.try_hours)


def uncertain(campaign: Campaign) -> Any:
    """Copies that were sent again because nobody can tell whether the server had taken them."""
    return (
        Copy.objects.filter(campaign=campaign, uncertain=True)
        .select_related("person")
        .order_by("id")
    )
