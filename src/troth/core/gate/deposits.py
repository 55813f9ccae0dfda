"""Deposits: what came in before anybody knows whose it is, such as an uploaded list of people.

It is sealed under a key of its own, named by the row that holds it, and the key goes with it: a
deposit is collected from, person by person, or thrown away. No key of a person opens this way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from troth.core.actors import Actor
from troth.core.asking import ask
from troth.core.errors import Denied
from troth.core.gate.denials import Attempt, UseDenied, refuse
from troth.core.keyring.opening import Opening, opened
from troth.core.keyring.store import destroy_person_keys
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person


@contextmanager
def deposit(*, row: UUID, actor: Actor, touchpoint: str) -> Iterator[Opening]:
    """Seal and read what is deposited under `row`, for a touchpoint the policy has.

    Raises `UseDenied` if the policy in force has no clause for the touchpoint.
    """
    published = current()
    found = published.rules.touchpoints.get(touchpoint)
    if found is None:
        reason = "unknown-touchpoint"
        raise refuse(
            UseDenied(
                f"Nothing may be collected at {touchpoint}.",
                why="The policy has no clause for this touchpoint.",
                do="Publish a policy with a [[collect]] for it.",
                clause="",
                attempt=Attempt(actor, "collect", "", (), version=published.version, reason=reason),
            )
        )
    opening = Opening(_no_person(row), "", frozenset({"user"}), frozenset({row}), found.clause)
    with opened(opening):
        yield opening


@contextmanager
def letter(*, row: UUID, actor: Actor, clause: str) -> Iterator[Opening]:
    """Seal and read what somebody wrote in exercise of a right, under a key of the request's own.

    It is read by whoever deals with it and serves nothing else; `clause` is that of the right, or
    "" where the law gives it and the policy is silent.
    """
    if actor.kind == "staff":
        actor.needs("rights.handle")
    opening = Opening(_no_person(row), "", frozenset({"user", "system"}), frozenset({row}), clause)
    with opened(opening):
        yield opening


@contextmanager
def casefile(*, row: UUID, actor: Actor, clause: str) -> Iterator[Opening]:
    """Seal and read what was written and brought for a case, under a key of the case's own.

    It serves whoever opens, approves and sees to cases, and nothing else.
    """
    if actor.kind == "staff" and "cases.approve" not in actor.abilities:
        actor.needs("cases.open")
    opening = Opening(_no_person(row), "", frozenset({"user"}), frozenset({row}), clause)
    with opened(opening):
        yield opening


def discard(row: UUID) -> None:
    """Destroy the key: nobody reads the deposit again, in no backup without its keyring either."""
    destroy_person_keys([row], _no_person(row))


def _no_person(row: UUID) -> UUID:
    """The organisation in scope, if the row is not a person, whose key has its own ways."""
    if ask(Person, "id", id=row) is not None:
        raise Denied("A person is no deposit.", do="Open a use at the gate.")
    return current_organisation_id()
