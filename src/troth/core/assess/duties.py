"""Two duties of the GDPR that no single clause shows: no machine decides alone (article 22), and a
breach is told of in time (articles 33 and 34). Each is looked at where it would fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Q

from troth.core.assess.checks import Situation, check
from troth.core.assess.findings import Finding, failed, held, unseen
from troth.core.gate.manners import DATA, stoppable
from troth.core.people.models import Element, Person
from troth.core.staff.models import Membership
from troth.policy import Rules

DECIDING: Final = (
    *("essential.fraud_detection", "employment.recruitment", "train_ai_system"),
    *("personalize.profiling", "personalize.content.profiling", "personalize.content.profiled"),
    "marketing.advertising.profiling",
)
"""Uses of the taxonomy in which a machine judges people, or makes a picture of them to do so."""
REACHING: Final = tuple(one for kinds in DATA.values() for one in kinds)
"""What somebody can be told by; a company's name or its site is not."""
HANDLES: Final = "staff.manage"
"""The ability of whoever sees incidents."""


@check(
    "conforming.machines",
    area="conforming",
    says="Where a machine judges people, they can refuse it (GDPR, article 22).",
)
def machines(situation: Situation) -> Iterator[Finding]:
    yield from judged(situation.published.rules)


def judged(rules: Rules) -> Iterator[Finding]:
    """A finding for each purpose of such a kind, and one where there is none."""
    found = [one for one in rules.purposes.values() if one.use.startswith(DECIDING)]
    for one in found:
        where, clauses = one.key, (one.clause,)
        if one.basis == "prohibited":
            yield held("The policy forbids it.", where, clauses=clauses)
        elif one.basis == "essential":
            yield failed(
                "A machine may judge people here, and they cannot refuse it.",
                where,
                do="Give the purpose a basis that people decide about, or another use.",
                clauses=clauses,
            )
        else:
            yield held(f"People decide about it ({one.basis}).", where, clauses=clauses)
    if not found:
        yield held(f"None of {len(rules.purposes)} purposes is of a kind in which one does.")


@check(
    "conforming.breaches",
    area="conforming",
    says="Whoever is to hear of a breach can be told of it in time (GDPR, articles 33 and 34).",
)
def breaches(situation: Situation) -> Iterator[Finding]:
    rules = situation.published.rules
    members = Membership.objects.select_related("role").exclude(undertaking_at=None)
    seeing = sum(HANDLES in one.role.abilities for one in members)
    if seeing:
        yield held(f"{seeing} of the staff see incidents, from which the 72 hours count.")
    else:
        yield unseen("Nobody works here yet who sees incidents.", do="Invite an owner.")
    writing = [key for key in rules.purposes if stoppable(rules, key)]
    clauses = tuple(rules.purposes[key].clause for key in writing)
    if writing:
        yield held(f"People may be written to of it: {', '.join(writing)}.", clauses=clauses)
    else:
        yield failed(
            "No purpose lets the company write to people of something that is not their choice.",
            do="Add an essential purpose with `email` among its channels.",
        )
    known = Person.objects.filter(state=Person.State.IDENTIFIED, merged_into=None)
    by = Q(*(("category__startswith", one) for one in REACHING), _connector=Q.OR)
    reached = Element.objects.filter(by, person__root__in=known)
    number = reached.values("person__root").distinct().count()
    total = known.count()
    if number < total:
        yield unseen(
            f"{total - number} of {total} people gave nothing by which they can be reached.",
            do="Tell them by a public notice (article 34(3)(c)).",
        )
    else:
        yield held(f"All {total} people who are known can be reached.")
