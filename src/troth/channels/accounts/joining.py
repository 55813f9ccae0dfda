"""What accounts object to when two records are to be joined."""

from __future__ import annotations

from troth.channels.accounts.finding import is_staff
from troth.core.errors import Denied
from troth.core.people.models import Person


class StaffJoinDenied(Denied):
    """One of the two records is of somebody on the staff."""


def keep_staff_apart(person: Person, into: Person) -> None:
    """Refuse a merge with a record of the staff: its holder would read the other's data as own."""
    if is_staff([person.root_id, into.root_id]):
        raise StaffJoinDenied(
            "A record of the staff is joined with no other.",
            why="Whoever holds it would read the other's data as their own.",
            do="Leave the two apart.",
        )
