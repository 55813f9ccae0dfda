"""Requests, as pages and jobs ask for them. None of these rows holds a value in clear."""

from __future__ import annotations

from django.db.models import QuerySet

from troth.core import clock
from troth.core.errors import Missing
from troth.core.people.models import Person
from troth.core.rights.models import Request, Telling


def open_requests() -> QuerySet[Request]:
    """All that are not over, what is due first in front."""
    return Request.objects.exclude(state__in=Request.ENDED).order_by("due_at", "received_at")


def overdue() -> QuerySet[Request]:
    """Those whose time is over, the latest first. A clock that stands is not late."""
    return open_requests().filter(due_at__lt=clock.now(), paused_at=None)


def of(person: Person) -> QuerySet[Request]:
    """A human's own requests, newest first."""
    return Request.objects.filter(person__root_id=person.root_id)


def by_ref(ref: str) -> Request:
    """The request of that reference. Raises `Missing`."""
    found = Request.objects.filter(ref=ref).first()
    if found is None:
        raise Missing("There is no such request.", do="Open it from your list.")
    return found


def tellings_due() -> QuerySet[Telling]:
    """Recipients to be told now, or to be asked again."""
    waiting = Telling.objects.filter(state__in=Telling.OPEN, next_at__lte=clock.now())
    return waiting.order_by("next_at").select_related("request")


def telling_by_ref(ref: str) -> Telling:
    """What a recipient was told, by the reference in its link. Raises `Missing`."""
    found = Telling.objects.select_related("request").filter(ref=ref).first()
    if found is None:
        raise Missing("There is no such message.", do="Open the link from the mail.")
    return found
