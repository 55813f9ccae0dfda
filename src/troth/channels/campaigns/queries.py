"""Reading campaigns: for the console, the archive, and people who ask why they got one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from troth.channels.campaigns import content
from troth.channels.campaigns.actions import grounds
from troth.channels.campaigns.conduct import conduct
from troth.channels.campaigns.explaining import LABELS, Explanation, Line, explain, recipients
from troth.channels.campaigns.models import Campaign, Copy
from troth.channels.campaigns.moving import CampaignMissing
from troth.channels.campaigns.purposes import NEWS, Slot, is_notice, purposes, slots
from troth.core.people.models import Person

__all__ = [
    "LABELS",
    "Explanation",
    "Line",
    "Preview",
    "Progress",
    "Slot",
    "archived",
    "by_ref",
    "conduct",
    "explain",
    "failures",
    "got",
    "grounds",
    "listed",
    "page_of",
    "preview",
    "progress",
    "purposes",
    "recipients",
    "slots",
    "subjects_compared",
    "waiting",
]
TROUBLE: Final = ("deferred", "failed", "bounced", "complained", "dropped")


def by_ref(ref: str) -> Campaign:
    """The campaign. Raises `CampaignMissing`."""
    found = Campaign.objects.filter(ref=ref).first()
    if found is None:
        raise CampaignMissing("There is no such campaign.", why="It was thrown away, or never was.")
    return found


def page_of(campaign: Campaign) -> str:
    """Where the console shows it."""
    return reverse("campaigns:campaign", args=[campaign.ref])


def listed(state: str = "") -> QuerySet[Campaign]:
    """All campaigns, newest first; of one state if it is given."""
    found = Campaign.objects.all()
    return found.filter(state=state) if state in Campaign.State.values else found


def waiting() -> QuerySet[Campaign]:
    """Campaigns that somebody has to read, the one that would leave first at the top."""
    return Campaign.objects.filter(state=Campaign.State.WAITING).order_by("scheduled_for")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is: copies by state. `uncertain` were sent again, since nobody can tell
    whether the server had taken them; `left` have not left yet.
    """

    states: Mapping[str, int]
    uncertain: int
    total: int
    left: int

    def of(self, state: str) -> int:
        return self.states.get(state, 0)


def progress(campaign: Campaign) -> Progress:
    """Count the copies by state, in one query over an index."""
    mine = Copy.objects.filter(campaign=campaign)
    rows = mine.values("state").annotate(n=Count("id")).order_by()
    states = {row["state"]: row["n"] for row in rows}
    uncertain = mine.filter(uncertain=True).count()
    left = sum(states.get(state, 0) for state in Copy.LEFT)
    return Progress(states, uncertain, sum(states.values()), left)


def subjects_compared(campaign: Campaign) -> dict[str, dict[str, int]]:
    """For each subject (``a``, ``b``): copies accepted, opened, clicked, complained.

    Opened and clicked count only those whose choice permits it, so compare shares of all with
    care where few do.
    """
    rows = (
        Copy.objects.filter(campaign=campaign)
        .values("subject")
        .annotate(
            accepted=Count("id", filter=Q(state=Copy.State.ACCEPTED)),
            opened=Count("opened_at"),
            clicked=Count("clicked_at"),
            complained=Count("id", filter=Q(state=Copy.State.COMPLAINED)),
        )
        .order_by("subject")
    )
    return {
        row["subject"]: {name: int(row[name]) for name in row if name != "subject"}  # type: ignore[literal-required]
        for row in rows
    }


def failures(campaign: Campaign, state: str = "") -> QuerySet[Copy]:
    """Copies that did not arrive, with `code`, `words` and `reason`, and their `person` (no value
    of them); of one state if it is given.
    """
    states = [state] if state in TROUBLE else TROUBLE
    found = Copy.objects.filter(campaign=campaign, state__in=states)
    return found.select_related("person").order_by("state", "id")


def got(person: Person) -> QuerySet[Copy]:
    """What a person was sent, newest first: for “why did I get this?”.

    `copy.campaign` has the purpose, and the clause and version it was sent under.
    """
    return (
        Copy.objects.filter(person__root_id=person.root_id)
        .exclude(state__in=Copy.LEFT)
        .select_related("campaign")
        .order_by("-settled_at", "-id")
    )


def archived() -> QuerySet[Campaign]:
    """What the public archive and its feed show: sent, and marked for it by the author."""
    return Campaign.objects.filter(in_archive=True, state=Campaign.State.DONE).order_by(
        "-finished_at"
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """The letter as somebody would get it; `html` is a whole page, safe to show in a frame."""

    subject: str
    subject_b: str
    text: str
    html: str


def preview(
    *,
    purpose: str,
    subject: str,
    body: str,
    markup: str = "markdown",
    subject_b: str = "",
    values: Mapping[str, str] | None = None,
    public: bool = False,
    kind: str = NEWS,
    layout: str = "",
) -> Preview:
    """What is being written, filled with `values` (slot key to text) or with the slots' labels.
    `public`: with the link to its page in the archive; `layout`: the HTML around it.

    Raises as `actions.write` does. Nobody's data is read.
    """
    notice = is_notice(kind, purpose)
    if notice:
        content.check(purpose=purpose, subjects=[subject], body=body, markup=markup, notice=True)
    found = content.letter(
        purpose=purpose,
        subjects=[subject, subject_b],
        body=body,
        markup=markup,
        footer=content.footer(purpose, browser="#browser" if public else "", notice=notice),
        layout="" if notice else layout,
    )
    shown = {key: slot.label for key, slot in slots(purpose).items()} | dict(values or {})
    shown |= {content.UNSUBSCRIBE: "#unsubscribe", content.PREFERENCES: "#choices"}
    return Preview(
        content.fill(found.subjects["a"], shown),
        content.fill(found.subjects["b"], shown),
        content.fill(found.text, shown),
        content.fill(found.html, shown, escape=True),
    )
