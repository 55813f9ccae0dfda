"""Deciding: the policy first, then the actor's role, then the person's permits.

What comes out is the set of categories that open and the clause that lets them; or a denial that
names the clause and the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Q

from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate.above import kept_from
from troth.core.gate.authorities import authority
from troth.core.gate.denials import Attempt, UseDenied, refuse
from troth.core.gate.manners import recipient
from troth.core.gate.models import Permit, Stance, Told
from troth.core.gate.telling import origins_told
from troth.core.notices.versions import Published, current, origins
from troth.core.people.models import Element, Person
from troth.core.recipients.foretelling import has_window, unripe, windows_kept
from troth.core.recipients.standing import Bar, barred
from troth.policy import Rule

ASKED_BEFORE: Final = {"opt-in", "explicit-opt-in"}


def held_for(published: Published, purpose: str, people: frozenset[UUID]) -> tuple[str, ...]:
    """The categories held about these records that the purpose may use now."""
    held = set(Element.objects.filter(person_id__in=people).values_list("category", flat=True))
    usable = Permit.objects.filter(
        Permit.usable(clock.now()), person_id__in=people, purpose=purpose
    ).values_list("category", flat=True)
    return tuple(
        category
        for category in sorted(held & set(usable))
        if published.rules.find("use", purpose, category).allowed
    )


def decide_for_policy(
    published: Published,
    actor: Actor,
    purpose: str,
    data: Sequence[str],
    to: str,
    met: Collection[str] = (),
    *,
    each: bool = False,
) -> str:
    """Ask the policy and the actor's role. Returns the deciding clause, raises `UseDenied`.

    `each` says that everybody's time to refuse a disclosure is looked at apart; else a clause with
    such a time is not met, since nobody in particular was told.
    """
    rule: Rule | None = None
    bar = barred(to, published.rules)
    for category in data or ("user",):
        rule = _rule(published, actor, purpose, category, to, met, bar)
        if rule.allowed and to and not each and has_window(rule):
            raise denied(published, actor, purpose, (category,), rule.clause, "not-told", to=to)
        if not rule.allowed:
            raise denied(published, actor, purpose, (category,), rule.clause, rule.reason, to=to)
    return rule.clause if rule else ""


def _rule(
    published: Published,
    actor: Actor,
    purpose: str,
    category: str,
    to: str,
    met: Collection[str],
    bar: Bar | None,
) -> Rule:
    if actor.purposes is not None and purpose not in actor.purposes:
        raise denied(published, actor, purpose, (category,), "", "role", to=to)
    rules = published.rules
    used = rules.find("use", purpose, category)
    if not to or not used.allowed:
        return used
    share = rules.find("share", purpose, category, to)
    if share.allowed and bar is not None:
        raise denied(published, actor, purpose, (category,), bar.clause, bar.reason, to=to)
    if share.allowed and (lacking := unmet(share, met)):
        raise denied(published, actor, purpose, (category,), share.clause, lacking, to=to)
    return share


def brought(
    published: Published,
    actor: Actor,
    purpose: str,
    data: tuple[str, ...],
    to: str,
    case: str,
    people: Iterable[Person | UUID],
) -> frozenset[str]:
    """The obligations that a case has seen to: a caller's word for them is none. Raises `UseDenied`
    for a case that does not open this.
    """
    if not (to and case):
        return frozenset()
    whom = list(people)
    ids = [one for one in whom if isinstance(one, UUID)]
    roots = {one.root_id for one in whom if isinstance(one, Person)}
    if ids:
        found_roots = Person.objects.filter(pk__among=ids).values_list("root_id", flat=True)
        roots |= set(found_roots)
    found = authority(case, to=to, purpose=purpose, data=data, people=roots)
    if found.reason:
        category = (data or ("user",))[0]
        clause = published.rules.find("share", purpose, category, to).clause
        subject = whom[0].ref if len(whom) == 1 and isinstance(whom[0], Person) else None
        raise denied(
            published, actor, purpose, data or ("user",), clause, found.reason, subject, to, case
        )
    return found.met


def unmet(share: Rule, met: Collection[str]) -> str:
    """Why a disclosure that a clause permits may not happen yet, or nothing.

    `met` names the obligations that are seen to (see `brought`), as the rule writes them
    (``ground:court-order``, ``need:document``): of the grounds one, of the needs all. That people
    were told and had their time to refuse is no caller's word: `undisclosed` looks it up.
    """
    if share.aggregate:
        return "aggregate-only"
    kinds = {one.partition(":")[0] for one in share.obligations}
    if "ground" in kinds and not any(
        o in met for o in share.obligations if o.startswith("ground:")
    ):
        return "ground-missing"
    if any(o not in met for o in share.obligations if o.startswith("need:")):
        return "need-missing"
    return ""


def decide_for_person(
    published: Published,
    actor: Actor,
    purpose: str,
    asked: tuple[str, ...],
    person: Person,
    people: frozenset[UUID],
    to: str,
    met: Collection[str] = (),
    case: str = "",
) -> tuple[frozenset[str], str]:
    clause = ""
    if not asked:  # nothing is held for it; the policy is asked all the same
        known = published.rules.purposes.get(purpose)
        if known is None or (actor.purposes is not None and purpose not in actor.purposes):
            reason = "role" if known else "unknown-purpose"
            raise denied(published, actor, purpose, ("user",), "", reason, person.ref, to, case)
        return frozenset(), known.clause
    permits = list(Permit.objects.filter(person_id__in=people))
    now, allowed = clock.now(), set()
    bar = barred(to, published.rules)
    for category in asked:
        rule = _rule(published, actor, purpose, category, to, met, bar)
        reason = "" if rule.allowed else rule.reason
        if to and not reason:
            reason = undisclosed(rule, purpose, category, to, people, met)
        if reason:
            raise denied(
                published, actor, purpose, (category,), rule.clause, reason, person.ref, to, case
            )
        about = [p for p in permits if related(p.category, category)]
        mine = [p for p in about if p.purpose == purpose]
        usable = [p for p in mine if p.usable_at(now)]
        if about and not usable:
            reason = why_not(mine, person, published.rules.find("use", purpose, category))
            raise denied(
                published, actor, purpose, (category,), rule.clause, reason, person.ref, to, case
            )
        clause = clause or rule.clause
        allowed |= {_narrower(p.category, category) for p in usable}
    return frozenset(allowed), clause


def undisclosed(
    share: Rule,
    purpose: str,
    category: str,
    to: str,
    people: frozenset[UUID],
    met: Collection[str] = (),
) -> str:
    """Why this human's data may not go to a recipient that the policy permits, or nothing.

    A time to refuse counts as kept where this human was told of the recipient, or by a case (`met`)
    that told all whom it names.
    """
    return (
        _not_chosen(share, purpose, to, people)
        or _untold(purpose, category, to, people)
        or ("" if windows_kept(share, met) else unripe(people, purpose, to))
    )


def _not_chosen(share: Rule, purpose: str, to: str, people: frozenset[UUID]) -> str:
    """Why the person's own choice about a disclosure is in the way, or nothing."""
    stances = Stance.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now()),
        person_id__in=people,
        purpose__in=(purpose, Stance.SOLICITATION, Stance.ONWARD),
        manner__in=("", recipient(to)),
    )
    answers = {(one.purpose, one.manner): one.decision for one in stances}
    about_it = {answers.get((key, recipient(to))) for key in (purpose, Stance.SOLICITATION)}
    if Stance.Decision.REFUSED in about_it:
        return "refused"
    onward = answers.pop((Stance.ONWARD, ""), "") == Stance.Decision.REFUSED
    if onward and kept_from(purpose, to, current().rules, share.choice):
        return "refused"
    if share.choice == "none":
        return ""
    if share.choice in ASKED_BEFORE:
        # An explicit yes is one to this very recipient; any other yes may be to the purpose.
        manners = (recipient(to),) if share.choice == "explicit-opt-in" else ("", recipient(to))
        said = {answers.get((purpose, manner)) for manner in manners}
        refused = answers.get((purpose, "")) == Stance.Decision.REFUSED
        return "no-opt-in" if refused or Stance.Decision.GIVEN not in said else ""
    return "refused" if Stance.Decision.REFUSED in answers.values() else ""


def _untold(purpose: str, category: str, to: str, people: frozenset[UUID]) -> str:
    """Whether all that is held was collected before people were told of this recipient."""
    held = Element.objects.filter(
        Q(category=category) | Q(category__startswith=f"{category}."), person_id__in=people
    ).values_list("person_id", "touchpoint", "version", "category")
    known, told = origins(purpose, to), origins_told(purpose, to, people)
    found = list(held.distinct())
    for person, *origin in found:
        if tuple(origin) in known or tuple(origin) in told.get(person, ()):
            return ""
    if not found:
        return ""
    waiting = Told.objects.filter(person_id__in=people, opens_at__gt=clock.now()).exists()
    return "notice-window" if waiting else "not-told"


def related(one: str, other: str) -> bool:
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")


def _narrower(one: str, other: str) -> str:
    return one if len(one) > len(other) else other


def why_not(mine: list[Permit], person: Person, used: Rule) -> str:
    """Why none of these permits is usable; `used` is the policy's rule for using the data."""
    if person.restricted_at:
        return "restricted"
    if not mine:
        return "not-collected-for"
    if used.basis in ASKED_BEFORE or any(p.state == Permit.State.AWAITING for p in mine):
        return "no-opt-in"
    now = clock.now()
    if any(p.state == Permit.State.TOLD and p.opens_at and p.opens_at > now for p in mine):
        return "notice-window"
    return "refused"


REASONS = {
    "role": (
        "Your role does not include this purpose.",
        "Choose a purpose of your role, or ask an owner to change the role.",
    ),
    "restricted": (
        "The person asked to have their data kept and not used.",
        "Wait until the restriction is lifted.",
    ),
    "not-collected-for": (
        "It was collected for other purposes, under the version the person was shown.",
        "Ask the person, or use it for a purpose it was given for.",
    ),
    "no-opt-in": (
        "This purpose needs the person's yes, and they have not given it.",
        "Ask them; until then leave it.",
    ),
    "notice-window": (
        "The person was told of this new purpose and still has time to refuse.",
        "Wait until the time to refuse is over.",
    ),
    "aggregate-only": (
        "This clause lets figures about groups out, and no person's data.",
        "Give figures over groups of the size the clause names.",
    ),
    "no-figures": (
        "This clause lets data of single people out, and says nothing of figures over groups.",
        "Give figures to a recipient whose clause names the size of a group.",
    ),
    "ground-missing": (
        "This clause needs one of its grounds, and none is stated.",
        "Open a case that states the ground.",
    ),
    "need-missing": (
        "This clause needs more than was brought: a document, or a second approver.",
        "Bring what the clause names.",
    ),
    "case-missing": (
        "There is no such case.",
        "Open a case that states the ground.",
    ),
    "case-not-approved": (
        "The case was not approved by a second person.",
        "Have somebody else look at it.",
    ),
    "case-over": (
        "The case is closed, or its end date has passed.",
        "Open another one, if there still is a ground.",
    ),
    "case-scope": (
        "This is outside what the case covers: its people, its data, its recipient.",
        "Keep to what the case names.",
    ),
    "not-told": (
        "The person has to be told before, and have the time to refuse.",
        "Tell them, and wait until the time is over.",
    ),
    "recipient-window": (
        "The person was told of this recipient and still has time to refuse.",
        "Wait until the time to refuse is over.",
    ),
    "suspended": (
        "This recipient is suspended: it cannot protect the data, or something went wrong there.",
        "Have it put right first; until then it gets nothing.",
    ),
    "bond-missing": (
        "What this recipient has to show or assure before it gets anything is not on file.",
        "Enter it on the page of the recipient, with its document and its end.",
    ),
    "bond-lapsed": (
        "What this recipient showed or assured has run out.",
        "Ask it for a new one and enter it on the page of the recipient.",
    ),
    "security-weaker": (
        "This recipient guards data less strongly than the company does itself.",
        "Give it nothing until it attests as much.",
    ),
    "not-public": (
        "What is handed to somebody is recorded each time; only the public is not.",
        "Open a use for this recipient.",
    ),
    "refused": ("The person refused this purpose.", "Respect the choice; only they can undo it."),
}


def denied(
    published: Published,
    actor: Actor,
    purpose: str,
    data: tuple[str, ...],
    clause: str,
    reason: str,
    subject: str | None = None,
    to: str = "",
    case: str = "",
) -> UseDenied:
    known = published.rules.purposes.get(purpose)
    label = known.label if known else purpose
    why, do = REASONS.get(reason) or (
        published.rules.explain("share" if to else "use", purpose, data[0], to),
        "Choose a purpose that the policy permits for it, or publish a policy that does.",
    )
    attempt = Attempt(
        *(actor, "share" if to else "use", purpose, data, subject, to, published.version, reason),
        case,
    )
    return refuse(
        UseDenied(
            f"“{label}” may not use {', '.join(data)} here.",
            why=why,
            do=do,
            clause=clause,
            attempt=attempt,
        )
    )
