"""Adding, describing, trying and removing connections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Protocol

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.connect import acts
from troth.core.connect.addresses import address
from troth.core.connect.dataset import read
from troth.core.connect.models import Connection
from troth.core.connect.over_http.description import read_service
from troth.core.connect.problems import Problem
from troth.core.connect.secrets import checked, seal
from troth.core.connect.sources import source_of
from troth.core.errors import Invalid, Missing, Refusal
from troth.core.ids import row_id
from troth.core.ledger.api import record
from troth.core.organisations.scope import current_organisation_id
from troth.core.rights.sources import SourceMissing

ABILITY: Final = "connect.manage"
KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")


class ConnectionInvalid(Invalid):
    """A connection cannot be entered like this."""


class ConnectionMissing(Missing):
    """There is no connection of that key."""


class Tried(Protocol):
    """A source that can say what is wrong with its description."""

    def problems(self) -> Sequence[Problem]: ...


def named(key: str) -> Connection:
    """The connection of that key. Raises `ConnectionMissing`."""
    found = Connection.objects.filter(key=key).first()
    if found is None:
        raise ConnectionMissing(
            "There is no such connection.", do="`troth connect list` names all there are."
        )
    return found


@action
def add(
    key: str,
    where: str,
    description: str,
    *,
    actor: Actor,
    label: str = "",
    secret: str = "",
    secret_from: str = "",
) -> Connection:
    """Enter a connection, or another address and description for one that is there.

    Nothing is opened: `check` tries it. Raises `AddressInvalid`, `DescriptionInvalid`.
    """
    actor.needs(ABILITY)
    if not KEY.fullmatch(key):
        raise ConnectionInvalid(
            "That is no key for a connection.",
            why="A key is up to 40 small letters, digits and hyphens, beginning with a letter.",
        )
    local = actor.kind == "system"
    if secret_from and not local:
        raise ConnectionInvalid(
            "A password from a file or the environment is named on the command line only.",
            do="Give the password here, or have the operator run `troth connect add`.",
        )
    found = address(where, local=local)
    if found.kind == Connection.Kind.HTTP:
        name = read_service(description).name
    else:
        name = read(description).label
    row = Connection.objects.filter(key=key).first()
    change = "described" if row else "added"
    row = row or Connection(id=row_id(), key=key)
    row.kind, row.address, row.label = found.kind, found.plain, (label or name)[:80]
    row.description, row.secret_from = description, checked(secret_from)
    row.secret = None
    if (secret or found.password) and not secret_from:
        row.secret = seal(row.pk, current_organisation_id(), secret or found.password)
    row.state, row.faults = Connection.State.NEW, []
    row.save()
    _record(row, change, actor)
    return row


@action
def remove(row: Connection, *, actor: Actor) -> None:
    """Take it out: requests no longer reach it. What is there stays there."""
    actor.needs(ABILITY)
    _record(row, "removed", actor)
    row.delete()


def _record(row: Connection, change: str, actor: Actor) -> None:
    record(
        act=acts.CHANGED,
        organisation=current_organisation_id(),
        actor=actor,
        detail={"connection": row.ref, "change": change},
    )


def check(row: Connection) -> list[Problem]:
    """Try it, and keep what state it is in. Raises `SourceMissing`, `SourceInvalid`."""
    source: Any = source_of(row)
    try:
        found: list[Problem] = list(source.problems())
    except SourceMissing:
        _keep(row, Connection.State.UNREACHABLE, [])
        raise
    except Refusal:
        _keep(row, Connection.State.REFUSED, [])
        raise
    stopping = any(one.stops != "nothing" for one in found)
    _keep(row, Connection.State.REFUSED if stopping else Connection.State.READY, found)
    return found


def _keep(row: Connection, state: str, found: Sequence[Problem]) -> None:
    row.state = state
    row.faults = [{"key": one.key, "place": one.place, "stops": one.stops} for one in found]
    if state != Connection.State.UNREACHABLE:
        row.seen_at = clock.now()
    row.save(update_fields=["state", "faults", "seen_at"])
