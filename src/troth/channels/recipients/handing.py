"""Handing a list over: prepared first, opened at the gate when it goes, and kept nowhere.

One disclosure on the ledger for each set of columns, with the number of people and a commitment to
who they were; so that each person's timeline says what of theirs went, and nothing that did not.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from troth.channels.recipients import acts
from troth.channels.recipients.listing import Plan, asks_each, known, plan
from troth.channels.recipients.models import Handover
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid, Missing
from troth.core.gate import uses
from troth.core.gate.deciding import decide_for_policy
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element, Person
from troth.core.recipients.binding import ABILITY, named
from troth.kit.categories import in_words

BATCH: Final = 500
TELEPHONE: Final = re.compile(r"\+[0-9][0-9 ().-]{4,24}")
"""Begins as a formula does and is none: digits alone can start nothing."""


def by_ref(ref: str) -> Handover:
    """Raises `Missing`."""
    found = Handover.objects.filter(ref=ref).first()
    if found is None:
        raise Missing("There is no such list.", do="Open one from the recipient's page.")
    return found


@action
def prepare(*, actor: Actor, to: str, purpose: str, asked: Sequence[str]) -> Handover:
    """Work out what a list of these columns would hold. Nobody's data is opened.

    A column the clause does not give is stripped and noted. Raises `UseDenied` if nothing is left,
    or if the recipient may get nothing now.
    """
    actor.needs(ABILITY)
    named(to)
    columns = known(asked)
    if not columns:
        raise Invalid("No column was asked for.", do="Tick at least one.")
    published = current()
    found = plan(to, purpose, columns)
    decide_for_policy(
        published, actor, purpose, found.columns or columns[:1], to, each=bool(found.columns)
    )
    made = Handover.objects.create(
        recipient=to,
        purpose=purpose,
        clause=found.clause,
        version=published.version,
        columns=list(found.columns),
        stripped=dict(found.stripped),
        left_out=dict(found.left_out),
        people=found.people,
        made_by=actor.ref,
        made_at=clock.now(),
    )
    about: dict[str, Any] = {
        "organisation": made.organisation_id,
        "actor": actor,
        "purpose": purpose,
        "clause": found.clause,
        "version": published.version,
        "to": to,
    }
    numbers = {
        "list": made.ref,
        "people": found.people,
        "out": sum(found.left_out.values()),
        "stripped": len(found.stripped),
    }
    record(act=acts.LISTED, **about, data=sorted(found.columns), detail=numbers)
    if found.stripped:
        record(act=acts.STRIPPED, **about, data=sorted(found.stripped), detail={"list": made.ref})
    return made


@action
def hand(found: Handover, *, actor: Actor, way: str) -> list[list[str]]:
    """Open the list and note that it goes: its rows, without a head. `way`: download or sent.

    Whoever refused since it was prepared is not in it. Raises `UseDenied`.
    """
    if actor.kind == "staff":
        actor.needs(ABILITY)
    now = plan(found.recipient, found.purpose, found.columns)
    if set(now.columns) != set(found.columns):
        raise Invalid(
            "The policy gives fewer columns now than when the list was prepared.",
            do="Prepare it anew.",
        )
    rows = list(_rows(now, found, actor))
    found.state, found.way, found.given_at = Handover.State.GIVEN, way, clock.now()
    found.people, found.left_out, found.fault = len(rows), dict(now.left_out), ""
    found.save(update_fields=["state", "way", "given_at", "people", "left_out", "fault"])
    record(
        act=acts.HANDED,
        organisation=current_organisation_id(),
        actor=actor,
        purpose=found.purpose,
        clause=found.clause,
        version=current().version,
        to=found.recipient,
        detail={"list": found.ref, "way": way},
    )
    return rows


def _rows(now: Plan, found: Handover, actor: Actor) -> Iterator[list[str]]:
    """One row for each human, in no order that says anything."""
    cells: dict[UUID, dict[str, list[str]]] = {}
    roots = dict(Person.objects.values_list("pk", "root_id"))
    single = asks_each(found.recipient, found.purpose, now.columns)
    if not now.groups:  # the gate is asked all the same, so that a bar is told
        decide_for_policy(current(), actor, found.purpose, now.columns, found.recipient, each=True)
    for columns, people in now.groups.items():
        for part in [{one} for one in people] if single else [people]:
            for person, key, text in _opened(found, actor, columns, frozenset(part), single=single):
                cells.setdefault(roots[person], {}).setdefault(key, []).append(text)
    for row in cells.values():
        yield ["; ".join(dict.fromkeys(row.get(key, ()))) for key in found.columns]


def _opened(
    found: Handover,
    actor: Actor,
    columns: tuple[str, ...],
    people: frozenset[UUID],
    *,
    single: bool,
) -> Iterator[tuple[UUID, str, str]]:
    asked: dict[str, Any] = {
        "actor": actor,
        "purpose": found.purpose,
        "data": list(columns),
        "to": found.recipient,
    }
    if single:
        [only] = people
        opening = uses.use(person=Person.objects.get(pk=only), **asked)
    else:
        opening = uses.use_audience(among=people, **asked)
    with opening as opened:
        inside = sorted(opened.whom)
        for start in range(0, len(inside), BATCH):
            held = Element.objects.filter(
                category__in=columns, person__id__among=inside[start : start + BATCH]
            ).order_by("collected_at", "id")
            for element in held:
                text = element.value
                if isinstance(text, str):  # else it was given for something else
                    yield element.person_id, element.category, text


def head(found: Handover) -> list[str]:
    """The names of the columns, in words."""
    return [in_words(key) for key in found.columns]


def as_csv(found: Handover, rows: Sequence[Sequence[str]], safe: Any) -> Iterator[str]:
    """The list line by line (RFC 4180); `safe` keeps a spreadsheet from running a cell."""
    yield "\ufeff"  # has spreadsheets read UTF-8 as UTF-8
    for row in ([*head(found)], *rows):
        out = io.StringIO()
        csv.writer(out).writerow(
            [cell if TELEPHONE.fullmatch(cell) else safe(cell) for cell in row]
        )
        yield out.getvalue()


def note(found: Handover) -> str:
    """What goes with a list: what it may be used for, what was left out, and why."""
    from troth.channels.recipients.listing import REASONS  # noqa: PLC0415 - words

    rules = current().rules
    party, purpose = rules.recipients.get(found.recipient), rules.purposes.get(found.purpose)
    lines = [
        f"A list for {party.name if party else found.recipient}",
        f"List {found.ref[:8]}, prepared {found.made_at:%Y-%m-%d %H:%M} UTC",
        f"For one purpose alone: {purpose.label if purpose else found.purpose}",
        f"By clause {found.clause} of version {found.version}",
        f"Columns: {', '.join(head(found))}",
        f"People: {found.people}",
        "",
    ]
    for key, clause in found.stripped.items():
        why = f"clause {clause} forbids it" if clause else "no clause gives it to this recipient"
        lines.append(f"Left out, column: {in_words(key)} ({key}): {why}")
    for reason, number in found.left_out.items():
        lines.append(f"Left out, people: {number} who {REASONS.get(reason, reason)}")
    return "\n".join(lines) + "\n"
