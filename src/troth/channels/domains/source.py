"""Domains among the sources of a request: a correction that is another technical contact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from troth.channels.domains import contacts
from troth.channels.domains.clauses import EMAIL
from troth.channels.domains.models import Domain, Move
from troth.core.among import Ids
from troth.core.errors import Denied
from troth.core.people.models import Element
from troth.core.rights.api import Found, Left, Planned, Subject
from troth.core.rights.kinds import CORRECTION
from troth.core.rights.sources import Changes

MOVE: Final = "contact"


class ConfirmDenied(Denied):
    """The owner has not confirmed it from the link in their mail."""


class NameDenied(Denied):
    """A domain is found by its name: it is not changed."""


class Domains:
    """Technical contacts; all else of a domain is in the own store."""

    key = "domains"
    label = "Domains"

    def steps(self, kind: str) -> tuple[str, ...]:
        return (MOVE,) if kind == CORRECTION else ()

    def plan(self, kind: str, subject: Subject, changes: Changes) -> list[Planned]:
        """Raises `ConfirmDenied`: nobody but the owner, by mail, lets it go on. What a domain hangs
        on is put right in no other way.
        """
        if kind != CORRECTION:
            return []
        if (found := _move(subject)) is None:
            _leaves(subject, changes)
            return []
        if found.confirmed_at is None:
            raise ConfirmDenied(
                "The owner of the domain has not confirmed this by mail yet.",
                why="A technical contact moves when its owner says so, and at nobody else's word.",
                do="Follow the link in the mail that was sent to the owner.",
            )
        return [Planned(self.label, "Technical contact", EMAIL, "replaced", 1)]

    def run(self, step: str, kind: str, subject: Subject, changes: Changes) -> int:
        found = _move(subject)
        if found is None or found.confirmed_at is None or found.done_at is not None:
            return 0
        contacts.move_to(found, next(iter(changes.values())))
        return 1

    def found(self, subject: Subject) -> Iterable[Found]:
        return ()

    def check(self, kind: str, subject: Subject, changes: Changes) -> list[Left]:
        found = _move(subject) if kind == CORRECTION else None
        return [Left("domains.Move", "", 1)] if found and found.done_at is None else []


def _leaves(subject: Subject, changes: Changes) -> None:
    """Raises `NameDenied` or `ConfirmDenied` for a change that would go past a domain: its name is
    what it is found by, and its contact is for its owner to say.
    """
    mine = Element.objects.filter(person__id__among=Ids(subject.records), name__in=list(changes))
    ids = list(mine.values_list("pk", flat=True))
    if Domain.objects.filter(name__id__among=Ids(ids)).exists():
        raise NameDenied(
            "A domain keeps its name.",
            why="It is what it was registered by, and what everybody finds it by.",
            do="Order the other name.",
        )
    if Domain.objects.filter(technical__id__among=Ids(ids)).exists():
        raise ConfirmDenied(
            "A technical contact is not put right here.",
            why="It moves when the owner of the domain confirms it by mail.",
            do="Ask for another one on the page of the domain, or have yourself taken off it.",
        )


def _move(subject: Subject) -> Move | None:
    return Move.objects.select_related("domain__person").filter(request=subject.request).first()
