"""A value is read without a purpose: by the program, and past it, out of the database."""

from __future__ import annotations

import mmap
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from django.db import connection

from troth.core.gate import acts
from troth.core.gate.uses import use
from troth.core.gate.why import why
from troth.core.keyring.opening import NoOpenUseDenied
from troth.core.notices.versions import current, origins
from troth.core.people.models import Element
from troth.core.sealing.sealed import Sealed
from troth.hub.backup.making import DATABASES
from troth.hub.backup.sqlite import file_of
from troth.hub.console.wording import Wording, category
from troth.hub.demo.holding.outcome import ACTOR, Outcome, Step, called, measure, newest

NAME: Final = "user.name"
SHOWN: Final = 64
"""Bytes of a row that the page shows."""


def attempt() -> Outcome:
    """Read a name as a program does, then as a thief does, then as the policy lets one."""
    found = _somebody()
    if found is None:
        return Outcome(held=True, verdict="There is nobody here whose name could be read.")
    element, purpose = found
    sealed, steps = _by_program(element)
    raw = _row(element)
    steps.append(
        Step(
            "Then past the software",
            "eye",
            "The same row, as it lies in the database: a format number, the key’s id, a nonce; "
            "the rest is AES-256-GCM.",
            _hex(raw),
        )
    )
    with use(actor=ACTOR, purpose=purpose, data=[NAME], person=element.person) as opening:
        text = element.value if not isinstance(element.value, Sealed) else ""
    clear, searched = _searched(text)
    steps += [
        searched,
        Step(
            "With a purpose",
            "open",
            f"For “{Wording().purpose(purpose)}” the gate opens it, and takes the key away again.",
            text,
            opening.clause,
        ),
        Step(
            "On the ledger",
            "ledger",
            "That reading, and nothing of the tries before it: they got nothing.",
            entry=newest(acts.USED, element.person),
        ),
    ]
    return Outcome.under(
        measure("sealed-storage"),
        held=bool(text) and sealed and not clear and text.encode() not in raw,
        verdict="It stayed sealed: no purpose, no key.",
        why="",
        steps=steps,
    )


def _somebody() -> tuple[Element, str] | None:
    """The name that came last, of somebody for whom there is a purpose that may read it."""
    held = Element.objects.filter(category=NAME, person__root__restricted_at__isnull=True)
    for element in held.select_related("person__root").order_by("-collected_at")[:20]:
        for purpose in current().rules.purposes:
            given = (element.touchpoint, element.version, NAME) in origins(purpose)
            if given and why(purpose=purpose, category=NAME, person=element.person).allowed:
                return element, purpose
    return None


def _by_program(element: Element) -> tuple[bool, list[Step]]:
    """Without an open use: what the attribute holds, and what printing it does."""
    value = element.value
    steps = [
        Step(
            "You tried",
            "sealed",
            f"To read the {category(NAME).lower()} of {called(element.person)}, for nothing in "
            "particular.",
            f">>> element.value\n{value!r}",
        )
    ]
    try:
        shown = str(value)
    except NoOpenUseDenied as denied:
        steps.append(Step("Printing it", "refusal", f"{denied.what} {denied.why}"))
        return True, steps
    steps.append(Step("Printing it", "bad", "It was shown.", shown))
    return False, steps


def _row(element: Element) -> bytes:
    """What stands in the column, asked for without the software where that is a file."""
    query = "SELECT value FROM people_element WHERE id = "
    if connection.vendor == "sqlite":
        place = file_of("default").absolute().as_uri()
        with closing(sqlite3.connect(f"{place}?mode=ro", uri=True)) as database:
            return bytes(database.execute(query + "?", [element.pk.hex]).fetchone()[0])
    with connection.cursor() as cursor:
        cursor.execute(query + "%s", [element.pk])
        return bytes(cursor.fetchone()[0])


def _hex(raw: bytes) -> str:
    rows = [raw[at : at + 16].hex(" ") for at in range(0, min(len(raw), SHOWN), 16)]
    left = len(raw) - SHOWN
    return "\n".join([*rows, f"… {left} bytes more"] if left > 0 else rows)


def _searched(text: str) -> tuple[bool, Step]:
    """Whether the clear value stands in a file of the databases, and how that was told."""
    if connection.vendor != "sqlite":
        said = "Searching every byte is left out here: the database is no file of this machine’s."
        return False, Step("Not tried", "info", said)
    places = [file_of(alias) for alias in DATABASES]
    around = (path for place in places for path in place.parent.glob(f"{place.name}*"))
    files = sorted(path for path in set(around) if path.stat().st_size)
    found = [path.name for path in files if _holds(path, text.encode())]
    size = sum(path.stat().st_size for path in files) / 1_000_000
    said = (
        f"In {', '.join(found)} it stands in clear."
        if found
        else f"Searched for in all {size:,.1f} million bytes of both databases: it is nowhere."
    )
    return bool(found), Step("The name in clear", "bad" if found else "search", said)


def _holds(path: Path, wanted: bytes) -> bool:
    if not wanted:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(wanted) >= 0
