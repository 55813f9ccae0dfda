"""What happens to a request between its receipt and its end, beside its fulfilment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import change, renew
from troth.core.errors import Invalid
from troth.core.notices.versions import current
from troth.core.rights import acts, clocks
from troth.core.rights.asking import by_staff, counting, deadline, enter, hold, may
from troth.core.rights.kinds import TALKED
from troth.core.rights.models import Request

State = Request.State
_on_closed: Final[list[Callable[[Request], None]]] = []


def on_closed(hear: Callable[[Request], None]) -> None:
    """Have `hear` called in the transaction that closes a request. Its content can be read then,
    and is kept until the person has heard of the outcome.
    """
    if hear not in _on_closed:  # `ready()` may run again
        _on_closed.append(hear)


@action
def wait_for(request: Request, *, actor: Actor, reason: str) -> None:
    """Stop the clock while the person has something to do. `reason` is a key."""
    by_staff(actor)
    hold(request)
    if request.state != State.OPEN:
        raise Invalid("Only an open request can wait for its person.")
    request.state, request.waits_for, request.paused_at = State.WAITING, reason, clock.now()
    request.save()
    enter(request, acts.PAUSED, actor=actor, detail={"reason": reason}, reason=reason)


@action
def resume(request: Request, *, actor: Actor) -> None:
    """Let the clock run on."""
    may(request, actor)
    hold(request)
    if request.state != State.WAITING or request.paused_at is None:
        raise Invalid("This request does not wait for its person.")
    promise, _ = deadline(request, request.received_at)
    if request.due_at is not None:
        request.due_at = clocks.resumed(
            request.due_at,
            within=(promise and promise.within) or clocks.FALLBACK,
            paused=request.paused_at,
            now=clock.now(),
            counting=counting(),
        )
    request.state, request.waits_for, request.paused_at = State.OPEN, "", None
    request.save()
    enter(request, acts.RESUMED, actor=actor)


@action
def extend(request: Request, *, actor: Actor, reason: str) -> None:
    """Take more time, once, with a reason the person is told. Raises `ExtensionDenied`."""
    by_staff(actor)
    hold(request)
    if request.ended or request.due_at is None:
        raise Invalid("The clock of this request does not run.")
    request.due_at = clocks.extended(
        request.due_at,
        policy=current().policy,
        now=clock.now(),
        counting=counting(),
        already=request.extended,
    )
    request.extended, request.extension = True, reason
    request.save()
    enter(request, acts.EXTENDED, actor=actor, detail={"reason": reason}, reason=reason)


@action
def refuse(request: Request, *, actor: Actor, reason: str) -> None:
    """End it without doing it. `reason` is a key the person is told in words."""
    by_staff(actor)
    hold(request)
    _not_working(request)
    close(request, State.REFUSED, reason)
    enter(request, acts.REFUSED, actor=actor, detail={"reason": reason}, reason=reason)
    heard(request)


@action
def withdraw(request: Request, *, actor: Actor) -> None:
    """The person takes it back, as long as nothing of it was done."""
    may(request, actor)
    hold(request)
    _not_working(request)
    close(request, State.WITHDRAWN, "withdrawn")
    enter(request, acts.WITHDRAWN, actor=actor)
    heard(request)


@action
def settle(request: Request, *, actor: Actor, outcome: str) -> None:
    """End a question or complaint with its outcome, a key such as ``answered``."""
    by_staff(actor)
    hold(request)
    if request.kind not in TALKED:
        raise Invalid("This request is done by its steps.", do="Let it go on, or refuse it.")
    _not_working(request)
    close(request, State.DONE, outcome)
    enter(request, acts.DONE, actor=actor, detail={"outcome": outcome}, reason=outcome)
    heard(request)


def close(request: Request, state: Request.State, outcome: str) -> None:
    """Note the end. The caller holds the request, enters the act and tells who wants to hear."""
    ended = {"state": state, "outcome": outcome, "closed_at": clock.now()}
    change(Request, [request.pk], **ended, paused_at=None, waits_for="")
    renew(request)


def heard(request: Request) -> None:
    for hear in _on_closed:
        hear(request)


def answered(request: Request) -> None:
    """Note that the person heard of the outcome."""
    Request.objects.filter(pk=request.pk, answered_at=None).update(answered_at=clock.now())


def _not_working(request: Request) -> None:
    if request.ended:
        raise Invalid("This request is over.")
    if request.state in Request.WORKING:
        raise Invalid(
            "This request is being done and cannot be stopped half-way.",
            do="Wait until it is done.",
        )
