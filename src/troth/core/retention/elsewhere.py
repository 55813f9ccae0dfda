"""What is kept outside of the database and ends by a clause too, such as a log in files. Its part
registers here how it lets go of what is due; every run of the retention asks it to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from troth.core.actors import Actor
from troth.core.ledger.api import record
from troth.core.notices.versions import Published
from troth.core.organisations.scope import current_organisation_id
from troth.core.retention import acts
from troth.core.retention.models import Run


@dataclass(frozen=True, slots=True)
class Gone:
    """So many things of these categories are gone, under this clause."""

    clause: str
    data: tuple[str, ...]
    count: int


LetGo = Callable[[Published, datetime], Iterator[Gone]]
_places: Final[list[LetGo]] = []


def also(let_go: LetGo) -> None:
    """Have a run call this with the policy in force and its moment, for the organisation in scope;
    it yields what it has removed.
    """
    if let_go not in _places:  # `ready()` may run again
        _places.append(let_go)


def let_go(run: Run, published: Published, actor: Actor) -> None:
    """Let go of what is due in all such places, and enter it."""
    for place in _places:
        for gone in place(published, run.at):
            with transaction.atomic():
                record(
                    act=acts.ENDED,
                    organisation=current_organisation_id(),
                    actor=actor,
                    clause=gone.clause,
                    version=run.version,
                    data=list(gone.data),
                    count=gone.count,
                    detail={"run": run.ref, "then": "erase"},
                )
