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

from troth.core.actors import Actor
from troth.core.among import Ids
from troth.core.gate import acts, locks
from troth.core.gate.deciding import (
    ASKED_BEFORE,
    brought,
    decide_for_person,
    decide_for_policy,
    denied,
    held_for,
)
from troth.core.gate.denials import Attempt, UseDenied, refuse
from troth.core.gate.telling import origins_told
from troth.core.keyring import store
from troth.core.keyring.opening import Opening, opened
from troth.core.ledger.api import Called, record
from troth.core.notices.versions import Published, current, origins
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person
from troth.core.people.records import family


@contextmanager
def use(
    *,
    actor: Actor,
    purpose: str,
    person: Person,
    data: Sequence[str] | None = None,
    to: str = "",
    case: str = "",
) -> Iterator[Opening]:
    """Open one person's data for a purpose. Raises `UseDenied`.

    `data` are data categories; None asks for all that the purpose may use. `to` is a recipient's
    key when the data leaves (a disclosure). `case` is the reference of the case that states the
    ground, where the clause asks for one: whether it does, and covers this, is looked up here. A
    value opens only if it was itself collected for the purpose: where and under which version it
    came counts, not its category alone.
    """
    published = current()
    people = family(person.root_id)
    asked = tuple(data) if data is not None else held_for(published, purpose, people)
    seen = brought(published, actor, purpose, asked, to, case, [person])
    allowed, clause = decide_for_person(
        published, actor, purpose, asked, person, people, to, seen, case if to else ""
    )
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
            detail={"case": case} if to and case else None,
        )
    with hold_open(purpose, allowed, people, clause, to) as opening:
        yield opening


@contextmanager
def use_many(
    *,
    actor: Actor,
    purpose: str,
    data: Sequence[str],
    people: Iterable[UUID],
    to: str = "",
    case: str = "",
) -> Iterator[Opening]:
    """Open data of many people at once: one entry, with their number and a commitment to who.

    `people` come from `audience()`; whoever is not in it is refused here again, by count.
    """
    from troth.core.gate.audiences import missing_from  # noqa: PLC0415 - audiences build on uses

    published = current()
    once = dict.fromkeys(people)  # in the order given, which is most often theirs
    seen = brought(published, actor, purpose, tuple(data), to, case, once)
    clause = decide_for_policy(published, actor, purpose, data, to, seen, each=True)
    if to:
        _asked_in_bulk(published, actor, purpose, data, to)
    chosen, ids = frozenset(once), Ids(once)
    if left := missing_from(ids, purpose=purpose, data=data, to=to, met=seen):
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
    with _open_many(published, actor, purpose, data, chosen, ids, clause, to, case) as opening:
        yield opening


@contextmanager
def use_audience(
    *,
    actor: Actor,
    purpose: str,
    data: Sequence[str],
    among: Iterable[UUID] | None = None,
    to: str = "",
) -> Iterator[Opening]:
    """Open data of the whole audience, or of those `among` who are in it: the opening's `people`.

    They are chosen where they are opened, so whoever said no a moment ago is left out and stops
    nobody else. Nobody in it: nothing is opened, and there is nothing to record. With `to` it is a
    disclosure, of which the policy is asked first, also if nobody is in it.
    """
    from troth.core.gate.audiences import audience, audience_among  # noqa: PLC0415 - as above

    published = current()
    if to:
        decide_for_policy(published, actor, purpose, data, to, each=True)
        _asked_in_bulk(published, actor, purpose, data, to)
    if among is None:
        found = audience(purpose=purpose, data=data, to=to).values_list("person_id", flat=True)
    else:
        found = audience_among(Ids(frozenset(among)), purpose=purpose, data=data, to=to)
    if not (chosen := frozenset(found)):
        yield Opening(current_organisation_id(), purpose, frozenset(data), chosen)
        return
    clause = decide_for_policy(published, actor, purpose, data, to, each=True)
    with _open_many(published, actor, purpose, data, chosen, Ids(chosen), clause, to) as opening:
        yield opening


@contextmanager
def search(*, actor: Actor, purpose: str, category: str) -> Iterator[Opening]:
    """Open the look-up of people by an exact value of `category`. Nothing can be read under it.

    A search by a member of the staff is on the ledger: it tells them whether somebody is known.
    """
    published = current()
    clause = decide_for_policy(published, actor, purpose, [category], "")
    if actor.kind == "staff":
        with transaction.atomic():
            record(
                act=acts.SEARCHED,
                organisation=current_organisation_id(),
                actor=actor,
                purpose=purpose,
                clause=clause,
                version=published.version,
                data=[category],
            )
    with opened(
        Opening(
            current_organisation_id(), purpose, frozenset({category}), None, clause, reads=False
        )
    ) as opening:
        yield opening


@contextmanager
def own(*, person: Person, actor: Actor | None = None) -> Iterator[Opening]:
    """A person reads what is held about them, under the clause that grants access.

    `actor` is whoever holds a link that was given to the person, where nobody is logged in.
    """
    published = current()
    actor = actor or Actor("person", person.ref, person_id=person.pk)
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
    opening = Opening(
        current_organisation_id(),
        "",
        frozenset({"user", "system"}),
        family(person.root_id),
        right.clause,
        locked=None,
    )
    with opened(opening):
        yield opening


@contextmanager
def _open_many(
    published: Published,
    actor: Actor,
    purpose: str,
    data: Sequence[str],
    chosen: frozenset[UUID],
    ids: Ids,
    clause: str,
    to: str = "",
    case: str = "",
) -> Iterator[Opening]:
    """Record one use of all of them, and hold their data open."""
    called = Called.of(Person.objects.filter(pk__among=ids).values_list("ref", flat=True))
    with transaction.atomic():
        entry = record(
            act=acts.DISCLOSED_MANY if to else acts.USED_MANY,
            organisation=current_organisation_id(),
            actor=actor,
            purpose=purpose,
            clause=clause,
            version=published.version,
            data=sorted(data),
            count=len(chosen),
            to=to,
            commitment=called.commitment,
            detail={"case": case} if to and case else None,
        )
        called.keep(entry)
    with hold_open(purpose, frozenset(data), chosen, clause, to) as opening:
        store.load(opening, owners=ids)
        yield opening


@contextmanager
def hold_open(
    purpose: str, categories: frozenset[str], people: frozenset[UUID], clause: str, to: str
) -> Iterator[Opening]:
    """Hold open what was decided: for the gate's own modules, which have decided and recorded."""
    told = origins_told(purpose, to, people)
    opening = Opening(
        current_organisation_id(),
        purpose,
        categories,
        people,
        clause,
        origins=origins(purpose, to),
        told={person.int: wider for person, wider in told.items()},
        locked=locks.opens(current().rules, purpose),
    )
    with opened(opening):
        yield opening


def _asked_in_bulk(
    published: Published, actor: Actor, purpose: str, data: Sequence[str], to: str
) -> None:
    """A disclosure that needs each person's yes is made for each person, not for a set."""
    for category in data:
        rule = published.rules.find("share", purpose, category, to)
        if rule.choice in ASKED_BEFORE:
            raise denied(published, actor, purpose, (category,), rule.clause, "no-opt-in", to=to)
