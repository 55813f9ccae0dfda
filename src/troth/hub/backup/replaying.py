"""Doing erasures again that came after a backup was taken.

The log says which keys were destroyed and by what act. The act is done again on the restored rows,
while their keys are still there to find what is kept of people by digest; then the keys go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import transaction

from troth.core.errors import Missing
from troth.core.keyring import erasures
from troth.core.keyring.erasures import ErasureLogInvalid, Line
from troth.core.keyring.models import Key
from troth.core.keyring.router import ALIAS
from troth.core.keyring.store import signing_key
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope


class ErasuresMissing(Missing):
    """What was erased after the backup was taken is not known, or not in this log."""


@dataclass(slots=True)
class Again:
    """What was erased again, by organisation: people, and keys."""

    people: dict[UUID, int] = field(default_factory=dict)
    keys: int = 0


def after(log: Path, mark: tuple[int, str]) -> Iterator[Line]:
    """The lines behind the mark of a backup. Raises `ErasuresMissing` where the log is another's
    or ends before it, `ErasureLogInvalid` where it was changed.
    """
    number, digest = mark
    found = number == 0
    for line in erasures.read(log):
        if line.number == number:
            found = line.digest == digest
            if not found:
                break
        elif line.number > number:
            yield line
    if not found:
        raise ErasuresMissing(
            f"{log} is not the erasure log of this backup.",
            why=f"The backup was made after line {number}, and that line is not in it.",
            do="Give the log of the same installation (--erasures FILE). Nothing was changed.",
        )


def check(log: Path, mark: tuple[int, str]) -> int:
    """Read the log to its end before anything is changed. Returns how many lines are to be done."""
    return sum(1 for _ in after(log, mark))


def replay(log: Path, mark: tuple[int, str]) -> Again:
    """Do everything again. It works on the databases that Django is connected to."""
    done, here = Again(), set(Organisation.objects.values_list("pk", flat=True))
    for line in after(log, mark):
        if line.organisation not in here:
            continue  # made after the backup, so nothing of it is in here
        if not line.holds(signing_key(line.organisation).public_key()):
            raise ErasureLogInvalid(
                "The erasure log does not hold.",
                why=f"Line {line.number} is not signed by the organisation it names.",
                do="Use the copy that is kept elsewhere. Nothing was changed.",
            )
        with scope(line.organisation):
            if line.act:
                found = _act(line)
                done.people[line.organisation] = done.people.get(line.organisation, 0) + found
            with transaction.atomic(using=ALIAS):
                mine = Key.objects.filter(organisation=line.organisation, kind=Key.Kind.PERSON)
                done.keys += mine.filter(pk__among=line.keys).delete()[0]
    return done


def _act(line: Line) -> int:
    again = erasures.replays().get(line.act)
    if again is None:
        raise Missing(
            f"Erasures of the kind “{line.act}” cannot be done again here.",
            why="No part of this installation knows that act.",
            do="Restore with the release that made the log. Nothing was changed.",
        )
    with erasures.replay(), transaction.atomic():
        return again(frozenset(line.owners))
