"""Uses: acts with personal data, opened at the gate and recorded.

    with gate.use(actor=actor, purpose="support", data=["user.contact.phone_number"], person=p):
        call(person_phone)

Decide → record → open. Inside the block, and only there, the sealed values the decision covers
can be read. Everything the gate opens is on the ledger; so is everything it refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate import acts
from troth.core.gate.denials import Attempt, UseDenied, refuse
from troth.core.gate.models import Permit
from troth.core.keyring import store
from troth.core.keyring.opening import Opening, opened
from troth.core.ledger.api import Opening as Commitment, record
from troth.core.notices.versions import Published, current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element, Person
from troth.core.people.records import family
from troth.policy import Rule


@contextmanager
def use(
    *,
    actor: Actor,
    purpose: str,
    person: Person,
    data: Sequence[str] | None = None,
    to: str = "",
) -> Iterator[Opening]:
    """Open one person's data for a purpose. Raises `UseDenied`.

    `data` are data categories; None asks for all that the purpose may use. `to` is a recipient's
    key when the data leaves (a disclosure).
    """
    published = current()
    people = family(person.root_id)
    asked = tuple(data) if data is not None else _held_for(published, purpose, people)
    allowed, clause = _decide_for_person(published, actor, purpose, asked, person, people, to)
    with transaction.atomic():
        record(
            act=acts.DISCLOSED if to else acts.USED,
            organisation=current_organisation_id(),
            actor=actor,
            subject=person.ref,
            purpose=purpose,
            clause=clause,
            version=published.version,
            data=sorted(allowed),
            to=to,
        )
    with _open(purpose, allowed, people, clause) as opening:
        yield opening


@contextmanager
def use_many(
    *, actor: Actor, purpose: str, data: Sequence[str], people: Iterable[UUID], to: str = ""
) -> Iterator[Opening]:
    """Open data of many people at once: one entry, with their number and a commitment to who.

    `people` come from `audience()`; whoever is not in it is refused here again, by count.
    """
    from troth.core.gate.audiences import audience  # noqa: PLC0415 - audiences build on uses

    published = current()
    clause = _decide_for_policy(published, actor, purpose, data, to)
    chosen = frozenset(people)
    permitted = audience(purpose=purpose, data=data).filter(person__id__among=chosen)
    refs = list(permitted.values_list("person__ref", flat=True))
    if left := len(chosen) - len(refs):  # an audience has everybody once
        raise refuse(
            UseDenied(
                f"{left} of {len(chosen)} people may not be used for {purpose}.",
                why="They refused, were not told yet, or gave the data for something else.",
                do="Choose people with `gate.audience(…)`.",
                clause=clause,
                attempt=Attempt(
                    actor, "use", purpose, tuple(data), version=published.version, reason="audience"
                ),
            )
        )
    with transaction.atomic():
        record(
            act=acts.USED_MANY,
            organisation=current_organisation_id(),
            actor=actor,
            purpose=purpose,
            clause=clause,
            version=published.version,
            data=sorted(data),
            count=len(chosen),
            to=to,
            commitment=Commitment.of(sorted(refs)).commitment(),
        )
    with _open(purpose, frozenset(data), chosen, clause) as opening:
        store.load(opening, owners=list(chosen))
        yield opening


@contextmanager
def search(*, actor: Actor, purpose: str, category: str) -> Iterator[Opening]:
    """Open the look-up of people by an exact value of `category`. Nothing can be read under it."""
    published = current()
    clause = _decide_for_policy(published, actor, purpose, [category], "")
    with opened(
        Opening(
            current_organisation_id(), purpose, frozenset({category}), None, clause, reads=False
        )
    ) as opening:
        yield opening


@contextmanager
def own(*, person: Person) -> Iterator[Opening]:
    """A person reads what is held about them, under the clause that grants access."""
    published = current()
    actor = Actor("person", person.ref, person_id=person.pk)
    right = next((r for r in published.policy.rights if r.kind == "access"), None)
    if right is None:
        raise refuse(
            UseDenied(
                "This policy grants no access.",
                why="No [[right]] of kind access is published.",
                do="Write to the privacy contact.",
                clause="",
                attempt=Attempt(actor, "use", "", ("user",), person.ref, reason="no-clause"),
            )
        )
    with transaction.atomic():
        record(
            act=acts.OWN,
            organisation=current_organisation_id(),
            actor=actor,
            subject=person.ref,
            clause=right.clause,
            version=published.version,
            data=["user"],
        )
    with _open("", frozenset({"user", "system"}), family(person.root_id), right.clause) as opening:
        yield opening


@contextmanager
def _open(
    purpose: str, categories: frozenset[str], people: frozenset[UUID], clause: str
) -> Iterator[Opening]:
    organisation = current_organisation_id()
    with opened(Opening(organisation, purpose, categories, people, clause)) as opening:
        yield opening


def _held_for(published: Published, purpose: str, people: frozenset[UUID]) -> tuple[str, ...]:
    """The categories held about these records that the purpose may use."""
    held = Element.objects.filter(person_id__in=people).values_list("category", flat=True)
    return tuple(
        category
        for category in sorted(set(held))
        if published.rules.find("use", purpose, category).allowed
        and Permit.objects.filter(
            person_id__in=people,
            purpose=purpose,
            category=category,
            usable_from__lte=clock.now(),
        ).exists()
    )


def _decide_for_policy(
    published: Published, actor: Actor, purpose: str, data: Sequence[str], to: str
) -> str:
    """Ask the policy and the actor's role. Returns the deciding clause, raises `UseDenied`."""
    rule: Rule | None = None
    for category in data or ("user",):
        rule = _rule(published, actor, purpose, category, to)
        if not rule.allowed:
            raise _denied(published, actor, purpose, (category,), rule.clause, rule.reason, to=to)
    return rule.clause if rule else ""


def _rule(published: Published, actor: Actor, purpose: str, category: str, to: str) -> Rule:
    if actor.purposes is not None and purpose not in actor.purposes:
        raise _denied(published, actor, purpose, (category,), "", "role", to=to)
    rules = published.rules
    used = rules.find("use", purpose, category)
    return rules.find("share", purpose, category, to) if to and used.allowed else used


def _decide_for_person(
    published: Published,
    actor: Actor,
    purpose: str,
    asked: tuple[str, ...],
    person: Person,
    people: frozenset[UUID],
    to: str,
) -> tuple[frozenset[str], str]:
    clause = ""
    if not asked:  # nothing is held for it; the policy is asked all the same
        known = published.rules.purposes.get(purpose)
        if known is None or (actor.purposes is not None and purpose not in actor.purposes):
            reason = "role" if known else "unknown-purpose"
            raise _denied(published, actor, purpose, ("user",), "", reason, person.ref, to)
        return frozenset(), known.clause
    permits = list(Permit.objects.filter(person_id__in=people))
    now, allowed = clock.now(), set()
    for category in asked:
        rule = _rule(published, actor, purpose, category, to)
        if not rule.allowed:
            raise _denied(
                published, actor, purpose, (category,), rule.clause, rule.reason, person.ref, to
            )
        about = [p for p in permits if _related(p.category, category)]
        mine = [p for p in about if p.purpose == purpose]
        usable = [p for p in mine if p.usable_from is not None and p.usable_from <= now]
        if about and not usable:
            reason = _why_not(mine, person)
            raise _denied(
                published, actor, purpose, (category,), rule.clause, reason, person.ref, to
            )
        clause = clause or rule.clause
        allowed |= {_narrower(p.category, category) for p in usable}
    return frozenset(allowed), clause


def _related(one: str, other: str) -> bool:
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")


def _narrower(one: str, other: str) -> str:
    return one if len(one) > len(other) else other


def _why_not(mine: list[Permit], person: Person) -> str:
    if person.restricted_at:
        return "restricted"
    if not mine:
        return "not-collected-for"
    if any(p.state == Permit.State.AWAITING for p in mine):
        return "no-opt-in"
    if any(p.state == Permit.State.TOLD for p in mine):
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
    "refused": ("The person refused this purpose.", "Respect the choice; only they can undo it."),
}


def _denied(
    published: Published,
    actor: Actor,
    purpose: str,
    data: tuple[str, ...],
    clause: str,
    reason: str,
    subject: str | None = None,
    to: str = "",
) -> UseDenied:
    known = published.rules.purposes.get(purpose)
    label = known.label if known else purpose
    why, do = REASONS.get(reason) or (
        published.rules.explain("share" if to else "use", purpose, data[0], to),
        "Choose a purpose that the policy permits for it, or publish a policy that does.",
    )
    attempt = Attempt(
        actor, "share" if to else "use", purpose, data, subject, to, published.version, reason
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
