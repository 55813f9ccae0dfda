"""Doing a request: steps that are written down, done one at a time, and read back at the end.

A step's state is committed before it begins and after it ended, so that whoever finds the request
after a kill knows where it stands. A step is done wholly or not at all, and may be done again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final

from django.db import transaction
from django.db.models import Q

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.asking import ask, look_up
from troth.core.changing import change, renew
from troth.core.errors import Denied, Invalid, Missing, Refusal
from troth.core.inserting import insert
from troth.core.rights import acts, kinds
from troth.core.rights.asking import enter, hold, may
from troth.core.rights.content import Content
from troth.core.rights.models import Request, Step
from troth.core.rights.moving import close, heard
from troth.core.rights.planning import planned
from troth.core.rights.sources import Source, SourceMissing, Subject, source, sources
from troth.core.rights.subjects import changes_of, identify, said_in, subject_in, subject_of
from troth.core.rights.tellings import lay_down, make_due

HERE: Final = "requests"
"""What the engine does itself, as the source of a step."""
IDENTIFY, PLAN, TELL, CHECK = "identify", "plan", "tell", "check"
PATIENCE: Final = timedelta(minutes=5)
"""How long a step may be in somebody's hands before it counts as left behind."""
REST: Final = timedelta(minutes=15)
"""How long a stuck request rests before it is tried again."""
WORKER: Final = Actor.system("rights")
State = Request.State
_LEFT: Final = (Step.State.TODO, Step.State.RUNNING, Step.State.FAILED)
logger = logging.getLogger(__name__)


@action
def approve(request: Request, *, actor: Actor) -> None:
    """Let it go on: its steps are laid down, and a task does them.

    The person does it for their own request, or whoever deals with requests. Raises `Invalid`
    while identity is not shown, for a person who cannot be found, and what planning raises; but a
    source that is out of reach is no hindrance: the request begins, and says which one it waits
    for before anything has changed.
    """
    may(request, actor)
    hold(request)
    if request.state != State.OPEN or request.kind in kinds.TALKED:
        raise Invalid(
            "This request cannot go on by itself.",
            why="It waits for somebody, is being done, or is over.",
        )
    if request.person_id is None and not subject_of(request).identifiers:
        raise Invalid("Nobody is known whom this request is about.", do="Name the person first.")
    if request.kind not in kinds.SHOWING:  # what only shows can be refused nowhere but at its step
        with suppress(SourceMissing):  # its step says so, and nothing changes before that is done
            planned(request.kind, subject_of(request), changes_of(request), sources())
    names = [(HERE, IDENTIFY), (HERE, PLAN)]
    names += [(one.key, name) for one in sources() for name in one.steps(request.kind)]
    if request.kind in kinds.PASSED_ON:
        names.append((HERE, TELL))
    names.append((HERE, CHECK))
    insert([
        Step(
            organisation_id=request.organisation_id,
            request=request,
            number=number,
            source=key,
            name=name,
        )
        for number, (key, name) in enumerate(names)
    ])  # fmt: skip
    now = clock.now()
    change(Request, [request.pk], state=State.RUNNING, approved_at=now, moved_at=now)
    renew(request)
    enter(request, acts.APPROVED, actor=actor)
    # Not before the steps are there to be found; if the process dies in between, upkeep finds them.
    transaction.on_commit(lambda: _queue(request))


def _queue(request: Request) -> None:
    from troth.core.rights.tasks import go_on  # noqa: PLC0415 - it leads back here

    go_on.enqueue(str(request.organisation_id), str(request.pk))


@dataclass
class Run:
    """A request in hand. Whom it is about and which sources there are is looked up once for all
    steps that follow each other here.
    """

    request: Request
    patience: timedelta

    @cached_property
    def said(self) -> Content:
        return said_in(self.request)

    @cached_property
    def subject(self) -> Subject:
        return subject_in(self.request, self.said)

    @cached_property
    def changes(self) -> dict[str, str]:
        return dict(self.said.changes)

    @cached_property
    def sources(self) -> dict[str, Source]:
        return {one.key: one for one in sources()}


def fulfil(request: Request, *, actor: Actor, patience: timedelta = PATIENCE) -> Request:
    """Do all steps that are not done, until it is done or stuck. Returns the request as it is."""
    may(request, actor)
    renew(request)
    run = Run(request, patience)
    step = _next(run)
    while step is not None:
        step = _work(step, run)
    renew(request)
    return request


def _work(step: Step, run: Run) -> Step | None:
    """Do one step, which is in hand. Returns the next; None if there is none to do now."""
    try:
        step.rows = _do(step, run)
    except Refusal as refusal:
        _stuck(run.request, step, _fault(refusal))
        return None
    except Exception as error:  # a fault of ours or of a database leaves it stuck, never in limbo
        logger.exception("A step of a request failed with %s.", type(error).__name__)
        _stuck(run.request, step, "error")
        return None
    return _next(run, done=step)


@action
def _next(run: Run, *, done: Step | None = None) -> Step | None:
    """Note that a step is done, and take the next one in hand, or end the request. None if it is
    over, or somebody else has the step.
    """
    if done is not None:
        now, rows = clock.now(), done.rows
        change(Step, [done.pk], state=Step.State.DONE, done_at=now, fault="", rows=rows)
    request = run.request
    if ask(Request, "state", id=request.pk) not in Request.WORKING:
        return None
    left = look_up(Step, 1, request=request.pk, state=_LEFT)
    if not left:
        _finish(request)
        return None
    return left[0] if _begin(left[0], run.patience) else None


def take_up(*, after: timedelta = PATIENCE) -> int:
    """Go on with what a killed worker left, and try again what is stuck. Returns how many requests
    of the organisation in scope were moved on.

    `after` is how long a step must have been in somebody's hands; zero when a worker starts and
    there is no other.
    """
    now, moved = clock.now(), 0
    left = Request.objects.filter(
        Q(state=State.RUNNING, moved_at__lte=now - after)
        | Q(state=State.STUCK, moved_at__lte=now - REST)
    )
    for request in list(left.order_by("received_at")):
        fulfil(request, actor=WORKER, patience=after)
        moved += 1
    return moved


def _begin(step: Step, patience: timedelta) -> bool:
    """Take the step in hand, unless somebody has it."""
    renew(step, held=True)
    now, since = clock.now(), step.started_at
    taken = step.state == Step.State.RUNNING and since is not None and since > now - patience
    if taken or step.state == Step.State.DONE:
        return False
    tries = step.tries + 1
    change(Step, [step.pk], state=Step.State.RUNNING, started_at=now, tries=tries, fault="")
    change(Request, [step.request_id], moved_at=now)
    return True


def _do(step: Step, run: Run) -> int:
    request = run.request
    if step.source != HERE:
        found = run.sources.get(step.source) or source(step.source)
        return found.run(step.name, request.kind, run.subject, run.changes)
    if step.name == IDENTIFY:
        with transaction.atomic():
            number = identify(request)
            if request.kind in kinds.PASSED_ON:
                lay_down(request, run.subject.records)
            return number
    if step.name == PLAN:
        return len(planned(request.kind, run.subject, run.changes, run.sources.values()))
    if step.name == TELL:
        return make_due(request)
    _read_back(run)
    return 0


class LeftInvalid(Invalid):
    """Reading back found something: the request is not done. `keys` are the sources it is in."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__("Reading back found something that should be gone or different.")
        self.keys = tuple(keys)


def _read_back(run: Run) -> None:
    """Ask every source what is left, whether it had steps or not. Raises `LeftInvalid`."""
    request, asked = run.request, run.sources.items()
    left = [key for key, one in asked if one.check(request.kind, run.subject, run.changes)]
    if left:
        # What was done is done again: the steps of those sources are open once more.
        again = Step.objects.filter(request=request, source__in=left)
        again.update(state=Step.State.TODO, done_at=None)
        raise LeftInvalid(left)


@action
def _finish(request: Request) -> None:
    hold(request)
    if request.state not in Request.WORKING:
        return
    close(request, State.DONE, "done")
    enter(request, acts.DONE, actor=WORKER, detail={"outcome": "done"})
    heard(request)


@action
def _stuck(request: Request, step: Step, fault: str) -> None:
    """Say where it stands still, once."""
    hold(request)
    step.state, step.fault = Step.State.FAILED, fault
    step.save(update_fields=["state", "fault"])
    told = request.state == State.STUCK
    request.state, request.moved_at = State.STUCK, clock.now()
    request.save(update_fields=["state", "moved_at"])
    if not told:
        key = step.source.replace(":", ".").lower()
        enter(request, acts.STUCK, actor=WORKER, detail={"source": key}, reason=fault)


def _fault(refusal: Refusal) -> str:
    if isinstance(refusal, SourceMissing):
        return "unreachable"
    if isinstance(refusal, LeftInvalid):
        return "left"
    names = {Denied: "denied", Invalid: "invalid", Missing: "missing"}
    return next((name for kind, name in names.items() if isinstance(refusal, kind)), "refused")
