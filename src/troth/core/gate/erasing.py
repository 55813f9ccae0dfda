"""What erasure needs of the gate: the last openings of a person's data before their key goes.

Nobody is shown anything under them. They seal anew what a clause keeps, remember by digest what the
person refused, and put a value right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from troth.core.keyring.opening import Opening, opened
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person

EVERYTHING: Final = frozenset({"user", "system"})
_on_erase: Final[list[Callable[[Person], None]]] = []


def on_erase(hear: Callable[[Person], None]) -> None:
    """Have `hear` called before somebody is erased, to remove what no row of theirs leads to.

    It runs in a transaction, inside an opening that reads all of theirs, and may run again.
    """
    if hear not in _on_erase:  # `ready()` may run again
        _on_erase.append(hear)


_objections: Final[list[Callable[[Person], None]]] = []


def object_to_erasures(check: Callable[[Person], None]) -> None:
    """Have `check` called when an erasure is planned; it raises `Denied` if there may be none."""
    if check not in _objections:  # `ready()` may run again
        _objections.append(check)


def may_be_erased(person: Person) -> None:
    """Raise `Denied` if something has to be done before the person can be erased."""
    for check in _objections:
        check(person)


def tell_of_erasure(person: Person) -> None:
    """Call all who want to hear, inside an opening of the person (`last_look`)."""
    for hear in _on_erase:
        hear(person)


@contextmanager
def last_look(people: frozenset[UUID], clause: str) -> Iterator[Opening]:
    """Everything of these records, to be read and sealed anew; for erasure and correction alone,
    whose acts are on the ledger.
    """
    organisation = current_organisation_id()
    opening = Opening(organisation, "", EVERYTHING, people, clause, locked=None)
    with opened(opening):
        yield opening
