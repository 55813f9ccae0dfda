"""What the staff can do with an import: upload, choose columns and try, let it come in, cancel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from troth.channels.imports import acts, ending, pieces, turns
from troth.channels.imports.columns import TOUCHPOINT, check, touchpoint
from troth.channels.imports.models import Import, Problem
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.deposits import deposit
from troth.core.inserting import insert
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id

ABILITY: Final = "people.import"
COUNTS: Final = ("position", "new", "known", "refused", "bad", "asked", "unproved")


class ImportInvalid(Invalid):
    """The import is not where this could be done with it."""

    status = 409


@action
def upload(content: bytes, *, actor: Actor) -> Import:
    """Take a file and seal it; it is read in the background.

    Raises `UseDenied` where the policy has no clause for lists.
    """
    actor.needs(ABILITY)
    now = clock.now()
    run = Import(
        organisation_id=current_organisation_id(),
        by=actor.ref,
        size=len(content),
        uploaded_at=now,
        moved_at=now,
    )
    with deposit(row=run.pk, actor=actor, touchpoint=TOUCHPOINT) as opening:
        turns.give(run)
        insert([run])
        pieces.keep_file(run, content)
        clause = opening.clause
    record(
        act=acts.UPLOADED,
        organisation=run.organisation_id,
        actor=actor,
        clause=clause,
        version=current().version,
        detail={"run": run.ref},
    )
    return run


@action
def rehearse(ref: str, *, actor: Actor, columns: Mapping[str, int]) -> None:
    """Try the list with these columns: nothing comes in, everything is counted.

    `columns` gives the number of a column, from 0, to elements of the clause. Raises
    `ColumnsInvalid` if the clause requires or permits otherwise.
    """
    actor.needs(ABILITY)
    run = _held(ref, Import.State.MAPPING, Import.State.TRIED)
    published, found = current(), touchpoint()
    with deposit(row=run.pk, actor=actor, touchpoint=TOUCHPOINT):
        width = len(run.head)
    if found is not None:  # without the clause the deposit did not open
        check(columns, found, width)
    run.columns, run.version = dict(columns), published.version
    _begin(run, Import.State.TRYING)


@action
def start(ref: str, *, actor: Actor) -> None:
    """Let the list come in, as it was tried. Raises `ImportInvalid` if the policy changed since."""
    actor.needs(ABILITY)
    run = _held(ref, Import.State.TRIED)
    published, found = current(), touchpoint()
    if published.version != run.version:
        raise ImportInvalid(
            "The policy changed since the list was tried.",
            why=f"It was tried under version {run.version}; {published.version} is in force.",
            do="Try it again, and look at what comes of it.",
        )
    run.dry = False
    _begin(run, Import.State.RUNNING)
    record(
        act=acts.STARTED,
        organisation=run.organisation_id,
        actor=actor,
        clause=found.clause if found else "",
        version=published.version,
        detail={"run": run.ref, "rows": run.rows},
    )


@action
def cancel(ref: str, *, actor: Actor) -> None:
    """End it now. A batch that is under way is finished; what came in stays."""
    actor.needs(ABILITY)
    run = _held(ref, *(state for state in Import.State if state not in Import.ENDED))
    ending.end(run, Import.State.CANCELLED, actor=actor)
    run.save()


def _held(ref: str, *states: Import.State) -> Import:
    """The run in one of these states, held until the transaction ends."""
    run = Import.objects.select_for_update().filter(ref=ref, state__in=states).first()
    if run is None:
        raise ImportInvalid(
            "This import is not at that step.",
            why="It went on meanwhile, or it has ended.",
            do="Look at it again.",
        )
    return run


def _begin(run: Import, state: Import.State) -> None:
    """A pass from the first row."""
    Problem.objects.filter(run=run).delete()
    for name in COUNTS:
        setattr(run, name, 0)
    run.state, run.begun, run.tries, run.moved_at = state, False, 0, clock.now()
    turns.give(run)
    run.save()
