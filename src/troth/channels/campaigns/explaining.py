"""Who gets a campaign and who does not, by reason and clause: counted in sets, not one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from troth.channels.campaigns import suppression
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.purposes import EMAIL
from troth.channels.campaigns.segments import narrowed
from troth.core import clock
from troth.core.gate.above import beyond
from troth.core.gate.audiences import audience
from troth.core.gate.manners import STOPPED, stoppable
from troth.core.gate.models import Permit, Stance
from troth.core.gate.permits import solicits
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.policy import Rules
from troth.policy.words import ASKED

LABELS: Final = {
    "restricted": "asked to have their data kept and not used",
    "no-solicitation": "asked for no solicitation of any kind",
    "only-necessary": "asked that nothing is used that the service does not need",
    "refused": "said no to this purpose",
    "stopped": "asked to have even mail of the service stopped",
    "no-opt-in": "have not said yes, which this purpose needs",
    "notice-window": "were told of this purpose and may still refuse",
    "earlier-version": "gave their address under an earlier version, and have not chosen since",
    "not-given-there": "gave their address at a place that no longer gives it to this purpose",
    "not-told": "gave their address before this purpose was there, and were not told of it",
    "not-collected-for": "gave their address for other purposes",
    "no-address": "gave no e-mail address",
    "suppressed": "have an address that bounced or complained",
    "not-in-segment": "are not in the segment",
}
_SAME: Final = "same"  # another record of a human who is counted already


@dataclass(frozen=True, slots=True)
class Line:
    """One reason: how many people, in words, and the clause that decides (may be empty)."""

    reason: str
    label: str
    clause: str
    count: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """`total` identified people are those who get it and those of all `lines`."""

    total: int
    gets: int
    lines: tuple[Line, ...]


def recipients(campaign: Campaign) -> QuerySet[Permit]:
    """The permits, one a person, of those who get the campaign if it is made ready now."""
    people = audience(purpose=campaign.purpose, data=[EMAIL])
    people = narrowed(people, campaign.segment, campaign.purpose)
    return suppression.reachable(people, campaign.kind)


def explain(campaign: Campaign) -> Explanation:
    """Count everybody by what becomes of them; three queries, more where something excludes."""
    rules = current().rules
    people = Person.objects.filter(root_id=F("id"), state=Person.State.IDENTIFIED)
    total = people.count()
    may = audience(purpose=campaign.purpose, data=[EMAIL])
    allowed = may.count()
    reached = suppression.unreachable(may, campaign.kind)
    counts: dict[str, int] = {"suppressed": reached}
    gets = allowed - reached
    if campaign.segment:
        chosen = recipients(campaign).count()
        counts["not-in-segment"] = gets - chosen
        gets = chosen
    held = _held(campaign.purpose, rules)
    same = held.pop(_SAME, 0)
    counts |= held
    if rest := total - allowed - sum(held.values()):
        counts |= _without(people, campaign.purpose)
    del same, rest
    lines = (
        Line(reason, label, _clause(reason, campaign.purpose, rules), counts[reason])
        for reason, label in LABELS.items()
        if counts.get(reason)
    )
    return Explanation(total, gets, tuple(lines))


def reason_for(person: Person, campaign: Campaign) -> str:
    """Why one person may not get it: a key of `LABELS`, or nothing if they may."""
    mine = Permit.objects.filter(person__root_id=person.root_id, purpose=campaign.purpose)
    if mine.filter(Permit.usable(clock.now()), category=EMAIL).exists():
        return ""
    counts = _held(campaign.purpose, current().rules, mine.filter(category=EMAIL))
    counts.pop(_SAME, None)
    return next(iter(counts), "not-collected-for")


def _held(purpose: str, rules: Rules, permits: QuerySet[Permit] | None = None) -> dict[str, int]:
    """Those whose address was given for the purpose and may not serve it now, by reason."""
    # In the order in which the gate works it out (`permits._usable_from`), for all records of a
    # human: what one of them says holds for the others.
    now = clock.now()
    closed = Q(usable_from__isnull=True) | Q(usable_from__gt=now) | Q(usable_until__lte=now)
    root = OuterRef("person__root_id")
    said = Stance.objects.filter(person__root_id=root)
    no = said.filter(decision=Stance.Decision.REFUSED)
    ours = no.filter(manner__in=("", "email"))
    lasts = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    yes = said.filter(lasts, decision=Stance.Decision.GIVEN, purpose=purpose)
    asks = rules.find("use", purpose, EMAIL).basis in ASKED
    family = Permit.objects.filter(
        Permit.usable(now), person__root_id=root, purpose=purpose, category=EMAIL
    )
    merged = Person.objects.filter(merged_into__isnull=False).values("root_id")
    restricted = Person.objects.filter(restricted_at__isnull=False).values("root_id")
    whens = [When(Q(person__root_id__in=merged) & Exists(family), then=Value(_SAME))]
    whens.append(When(person__root_id__in=restricted, then=Value("restricted")))
    whens.append(When(touchpoint__in=_closed(purpose, rules), then=Value("not-given-there")))
    by_hand = no.filter(purpose=purpose, manner=STOPPED)
    whens.append(When(Exists(by_hand), then=Value("stopped")))
    if stoppable(rules, purpose):  # it was said of what came after it too
        unsaid = ~Exists(said.filter(purpose=purpose, manner=STOPPED))
        of_others = Exists(no.filter(manner=STOPPED))
        whens.append(When(Q(unsaid) & Q(of_others), then=Value("stopped")))
    if solicits(purpose, rules):
        mark = ours.filter(purpose=Stance.SOLICITATION)
        whens.append(When(Exists(mark), then=Value("no-solicitation")))
    if beyond(purpose, rules):
        mark = no.filter(purpose=Stance.COLLECTION, manner="")
        whens.append(When(Exists(mark), then=Value("only-necessary")))
    known = rules.purposes.get(purpose)
    if known is None or known.basis != "essential":
        whens.append(When(Exists(ours.filter(purpose=purpose)), then=Value("refused")))
    asked = Q() if asks else Q(state=Permit.State.AWAITING)
    unsaid = ~Exists(yes.filter(manner__in=("", "email")))
    whens.append(When(asked & Q(unsaid), then=Value("no-opt-in")))
    whens.append(When(state=Permit.State.TOLD, then=Value("notice-window")))
    reason: Any = Case(*whens, default=Value("earlier-version"), output_field=CharField())
    found = Permit.objects.filter(purpose=purpose, category=EMAIL) if permits is None else permits
    people = Count("person__root_id", distinct=True)
    rows = found.filter(closed).values(reason=reason).annotate(n=people)
    return {row["reason"]: row["n"] for row in rows.order_by()}


def _closed(purpose: str, rules: Rules) -> list[str]:
    """The places that no longer give an address to the purpose."""
    return [at for at in rules.touchpoints if not rules.find("collect", purpose, EMAIL, at).allowed]


def _without(people: QuerySet[Person], purpose: str) -> dict[str, int]:
    """Those of whom no address was given for the purpose: for another one, or none at all."""
    for_it = Permit.objects.filter(person__root_id=OuterRef("id"), purpose=purpose, category=EMAIL)
    address = Element.objects.filter(person__root_id=OuterRef("id"), category=EMAIL)
    rows = people.filter(~Exists(for_it)).values(has=Exists(address)).annotate(n=Count("id"))
    names = {True: "not-collected-for", False: "no-address"}
    return {names[bool(row["has"])]: row["n"] for row in rows.order_by()}


def mark_clause(purpose: str, rules: Rules) -> str:
    """The clause by which a no above all choices holds: the right to object, or the purpose's."""
    known = rules.purposes.get(purpose)
    for right in rules.policy.rights:
        # One with `data` is about that alone, such as cookies.
        if right.kind == "objection" and right.who == "everyone" and not right.data:
            return right.clause
    return known.clause if known else ""


def _clause(reason: str, purpose: str, rules: Rules) -> str:
    policy = rules.policy
    if reason in ("not-told", "notice-window"):
        return policy.changes[0].clause if policy.changes else ""
    if reason == "restricted":
        return next((one.clause for one in policy.rights if one.kind == "restriction"), "")
    if reason in ("no-solicitation", "only-necessary", "stopped"):
        return mark_clause(purpose, rules)
    if reason == "suppressed":
        found = rules.touchpoints.get("campaigns.delivery")
        return found.clause if found else ""
    if reason in ("no-address", "not-in-segment"):
        return ""
    if reason == "not-collected-for":
        return rules.find("use", purpose, EMAIL).clause
    known = rules.purposes.get(purpose)
    return known.clause if known else ""
