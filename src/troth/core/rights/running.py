"""Doing a request: steps that are written down, done one at a time, and read back at the end.

A step's state is committed before it begins and after it ended, so that whoever finds the request
after a kill knows where it stands. A step is done wholly or not at all, and may be done again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid, Missing, Refusal
from troth.core.inserting import insert
from troth.core.rights import acts, kinds
from troth.core.rights.asking import enter, hold, may
from troth.core.rights.models import Request, Step
from troth.core.rights.moving import close, heard
from troth.core.rights.planning import plan
from troth.core.rights.sources import SourceMissing, source, sources
from troth.core.rights.subjects import changes_of, identify, subject_of
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
    with suppress(SourceMissing):  # its step says so, and nothing changes before that is done
        plan(request)
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
    request.state, request.approved_at, request.moved_at = State.RUNNING, clock.now(), clock.now()
    request.save()
    enter(request, acts.APPROVED, actor=actor)
    # Not before the steps are there to be found; if the process dies in between, upkeep finds them.
    transaction.on_commit(lambda: _queue(request))


def _queue(request: Request) -> None:
    from troth.core.rights.tasks import go_on  # noqa: PLC0415 - it leads back here

    go_on.enqueue(str(request.organisation_id), str(request.pk))


def fulfil(request: Request, *, actor: Actor, patience: timedelta = PATIENCE) -> Request:
    """Do all steps that are not done, until it is done or stuck. Returns the request as it is."""
    may(request, actor)
    while advance(request, patience=patience):
        pass
    request.refresh_from_db()
    return request


def advance(request: Request, *, patience: timedelta = PATIENCE) -> bool:
    """Do the next step. Returns whether there may be another to do."""
    request.refresh_from_db()
    if request.state not in Request.WORKING:
        return False
    step = Step.objects.filter(request=request).exclude(state=Step.State.DONE).first()
    if step is None:
        _finish(request)
        return False
    if not _begin(step, patience):
        return False  # somebody else has it in hand
    try:
        step.rows = _do(step, request)
    except Refusal as refusal:
        _stuck(request, step, _fault(refusal))
        return False
    except Exception as error:  # a fault of ours or of a database leaves it stuck, never in limbo
        logger.exception("A step of a request failed with %s.", type(error).__name__)
        _stuck(request, step, "error")
        return False
    step.state, step.done_at, step.fault = Step.State.DONE, clock.now(), ""
    step.save(update_fields=["state", "done_at", "fault", "rows"])
    return True


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
    now = clock.now()
    free = ~Q(state=Step.State.RUNNING) | Q(started_at__lte=now - patience)
    mine = Step.objects.filter(free, pk=step.pk).exclude(state=Step.State.DONE)
    if not mine.update(state=Step.State.RUNNING, started_at=now, tries=F("tries") + 1, fault=""):
        return False
    Request.objects.filter(pk=step.request_id).update(moved_at=now)
    return True


def _do(step: Step, request: Request) -> int:
    if step.source != HERE:
        subject, changes = subject_of(request), changes_of(request)
        return source(step.source).run(step.name, request.kind, subject, changes)
    if step.name == IDENTIFY:
        with transaction.atomic():
            number = identify(request)
            if request.kind in kinds.PASSED_ON:
                lay_down(request, subject_of(request).records)
            return number
    if step.name == PLAN:
        return len(plan(request))
    if step.name == TELL:
        return make_due(request)
    _read_back(request)
    return 0


class LeftInvalid(Invalid):
    """Reading back found something: the request is not done. `keys` are the sources it is in."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__("Reading back found something that should be gone or different.")
        self.keys = tuple(keys)


def _read_back(request: Request) -> None:
    """Ask every source what is left, whether it had steps or not. Raises `LeftInvalid`."""
    subject, changes = subject_of(request), changes_of(request)
    left = [one.key for one in sources() if one.check(request.kind, subject, changes)]
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
