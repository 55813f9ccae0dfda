"""Domains among the sources of a request: a correction that is another technical contact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from troth.channels.domains import contacts
from troth.channels.domains.clauses import EMAIL
from troth.channels.domains.models import Move
from troth.core.errors import Denied
from troth.core.rights.api import Found, Left, Planned, Subject
from troth.core.rights.kinds import CORRECTION
from troth.core.rights.sources import Changes

MOVE: Final = "contact"


class ConfirmDenied(Denied):
    """The owner has not confirmed it from the link in their mail."""


class Domains:
    """Technical contacts; all else of a domain is in the own store."""

    key = "domains"
    label = "Domains"

    def steps(self, kind: str) -> tuple[str, ...]:
        return (MOVE,) if kind == CORRECTION else ()

    def plan(self, kind: str, subject: Subject, changes: Changes) -> list[Planned]:
        """Raises `ConfirmDenied`: nobody but the owner, by mail, lets it go on."""
        if kind != CORRECTION or (found := _move(subject)) is None:
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


def _move(subject: Subject) -> Move | None:
    return Move.objects.select_related("domain__person").filter(request=subject.request).first()
