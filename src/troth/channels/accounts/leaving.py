"""What goes with an account whose person is purged."""

from __future__ import annotations

from troth.channels.accounts.finding import is_staff
from troth.channels.accounts.models import SignIn
from troth.channels.accounts.sign_ins import drop
from troth.core.errors import Denied
from troth.core.people.models import Person


def forget(person: Person) -> None:
    """End the sessions, whose store nothing else leads to. Raises `Denied` for the staff."""
    keep_staff(person)
    end_sessions(person)


def keep_staff(person: Person) -> None:
    """Raise `Denied` for a member of the staff."""
    if is_staff([person.root_id]):
        raise Denied(
            "This record belongs to a member of the staff.",
            why="Who works here is not destroyed with a click of a colleague.",
            do="Take them off the staff first.",
        )


def end_sessions(person: Person) -> None:
    """Take every session of theirs out of its store."""
    keys = SignIn.objects.filter(user__person__root_id=person.root_id)
    for key in keys.values_list("session_key", flat=True):
        drop(key)
