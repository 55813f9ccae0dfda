"""Running: what is due goes, batch by batch, and a killed run is taken up where it was.

A run that would end more than a set share of all values stops before it has done anything, until
somebody confirms it. What is due is asked of the database again for every batch, at the moment the
run is of, so that doing a batch twice is doing it once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.purging import purge_all
from troth.core.ledger.api import record
from troth.core.notices.versions import PolicyMissing
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id, scope
from troth.core.people.models import Element, Person
from troth.core.retention import acts, elsewhere, schedules
from troth.core.retention.beside import held_person
from troth.core.retention.ending import end_batch
from troth.core.retention.holds import ABILITY
from troth.core.retention.models import Part, Run
from troth.core.retention.planning import Line, Plan, plan
from troth.core.retention.schedules import over
from troth.core.rights.own.holdings import holdings

BATCH: Final = 20_000
PEOPLE: Final = 500
EVERY: Final = timedelta(hours=20)
LIMIT: Final = 0.10
FEW: Final = 20
"""So few values never stop a run: in a small company they are soon a tenth of all."""
WORKER: Final = Actor.system("retention")
CHOICES: Final = "user.privacy_preferences"


def limit() -> float:
    """The share of all values that a run may end by itself (the setting ``retention_limit``)."""
    home = getattr(settings, "HOME", None)
    return float(home.option("retention_limit", str(LIMIT))) if home else LIMIT


def start(*, actor: Actor = WORKER) -> Run:
    """Begin a run of all that is due now. It is stopped where it would end too much, and nothing
    is done then. An earlier one that nobody confirmed is overtaken.
    """
    found = plan(clock.now())
    too_much = found.due > FEW and found.share > limit()
    state = Run.State.STOPPED if too_much else Run.State.RUNNING
    with transaction.atomic():
        Run.objects.filter(state=Run.State.STOPPED).update(state=Run.State.DROPPED)
        run = Run.objects.create(
            at=found.at,
            state=state,
            version=found.published.version,
            due=found.due,
            held=found.held,
            share=found.share,
        )
        _lay_down(run, found)
        if too_much:
            record(
                act=acts.STOPPED,
                organisation=current_organisation_id(),
                actor=actor,
                version=run.version,
                count=run.due,
                detail={"run": run.ref},
            )
    return run


def _lay_down(run: Run, found: Plan) -> None:
    rows: dict[tuple[str, str, str], int] = {}
    for line in found.lines:
        key = (line.keep.clause, str(line.keep.period), line.keep.then)
        rows[key] = rows.get(key, 0) + line.due
    for number, ((clause, period, then), count) in enumerate(rows.items(), 1):
        Part.objects.create(
            run=run, number=number, clause=clause, period=period, then=then, due=count
        )


@action
def confirm(run: Run, *, actor: Actor) -> None:
    """Let a stopped run go on. Raises `Invalid` where it does not wait."""
    actor.needs(ABILITY)
    waiting = Run.objects.filter(pk=run.pk, state=Run.State.STOPPED)
    if not waiting.update(state=Run.State.RUNNING, confirmed_by=actor.ref):
        raise Invalid("This run does not wait for anybody.", do="Look at the list of runs.")
    run.state, run.confirmed_by = Run.State.RUNNING, actor.ref
    record(
        act=acts.CONFIRMED,
        organisation=current_organisation_id(),
        actor=actor,
        version=run.version,
        count=run.due,
        detail={"run": run.ref},
    )


def go_on(run: Run, *, actor: Actor = WORKER) -> Run:
    """Do what is left of a run. Safe to repeat after a kill at any point."""
    if run.state != Run.State.RUNNING:
        return run
    found = plan(run.at)
    for line in found.lines:
        _end(line, found, run, actor)
    elsewhere.let_go(run, found.published, actor)
    run.people += _let_go_of_people(found, run, actor)
    run.state, run.finished_at = Run.State.DONE, clock.now()
    run.save(update_fields=["people", "state", "finished_at"])
    return run


def run_now(*, actor: Actor = WORKER, confirmed: bool = False) -> Run:
    """Begin a run and do it, unless it has to be confirmed."""
    unfinished = Run.objects.filter(state=Run.State.RUNNING).first()
    run = unfinished or start(actor=actor)
    if confirmed and run.state == Run.State.STOPPED:
        confirm(run, actor=actor)
    return go_on(run, actor=actor)


def daily() -> None:
    """What the worker does now and then: take up what was cut short, and begin a run a day."""
    for organisation in Organisation.objects.all():
        with scope(organisation):
            for run in Run.objects.filter(state=Run.State.RUNNING):
                go_on(run)
            last = Run.objects.exclude(state=Run.State.DROPPED).first()
            if last is None or last.at <= clock.now() - EVERY:
                try:
                    run_now()
                except PolicyMissing:
                    continue  # nothing was collected either


def _end(line: Line, found: Plan, run: Run, actor: Actor) -> None:
    keep = line.keep
    part, _ = Part.objects.get_or_create(
        run=run,
        clause=keep.clause,
        period=str(keep.period),
        then=keep.then,
        defaults={"number": 1 + run.parts.count(), "due": line.due},
    )
    if line.schedule is not None:
        rows = schedules.due(line.schedule, found.published, run.at).order_by().values_list("pk")
        while ids := [pk for (pk,) in rows[:BATCH]]:
            if not end_batch(ids, run=run, part=part, categories=line.categories, actor=actor):
                return
        return
    assert line.beside is not None
    due = line.beside.due(found.published, run.at)
    manager: Any = line.beside.holding.model._default_manager
    while ids := list(due.order_by().values_list("pk", flat=True)[:PEOPLE]):
        with transaction.atomic():
            manager.filter(pk__in=ids).delete()
            Part.objects.filter(pk=part.pk).update(done=part.done + len(ids))
            record(
                act=acts.ENDED,
                organisation=current_organisation_id(),
                actor=actor,
                clause=keep.clause,
                version=run.version,
                data=[line.beside.category],
                count=len(ids),
                detail={"run": run.ref, "then": "erase"},
            )
        part.done += len(ids)


def _let_go_of_people(found: Plan, run: Run, actor: Actor) -> int:
    """People of whom no value is left, once their choices need not be remembered any more: the
    record goes, and the key with it.
    """
    keep, gone = found.published.rules.keep(CHOICES), 0
    if keep is None:
        return 0
    empty = _empty(found, run)
    empty = empty.filter(over(keep, found.published, run.at, person="root", since="created_at"))
    while roots := list(empty.order_by().values_list("pk", flat=True)[:PEOPLE]):
        with transaction.atomic():
            purge_all(roots)
            record(
                act=acts.ENDED,
                organisation=current_organisation_id(),
                actor=actor,
                clause=keep.clause,
                version=run.version,
                data=[CHOICES],
                count=len(roots),
                detail={"run": run.ref, "then": "purge"},
            )
        gone += len(roots)
    return gone


def _empty(found: Plan, run: Run) -> QuerySet[Person]:
    """Roots with no value on any record of theirs, no log-in, and no hold."""
    people = Person.objects.filter(merged_into=None)
    mine = Element.objects.filter(person__root=OuterRef("pk"))
    people = people.filter(~Exists(mine)).filter(~held_person(run.at, "root"))
    label = settings.AUTH_USER_MODEL.lower()
    for holding in holdings():
        if holding.model is Element or not (holding.sealed or holding.label.lower() == label):
            continue
        rows: Any = holding.model._default_manager
        people = people.filter(~Exists(rows.filter(**{f"{holding.path}__root": OuterRef("pk")})))
    return people


def waiting() -> Run | None:
    """The run that waits for somebody to confirm it."""
    return Run.objects.filter(state=Run.State.STOPPED).first()


def preview(days: int = 31) -> tuple[Plan, Plan]:
    """What is due now, and what will be in so many days."""
    now = clock.now()
    return plan(now), plan(now + timedelta(days=days))
