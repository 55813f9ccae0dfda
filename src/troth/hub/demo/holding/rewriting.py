"""A row of the ledger is changed in the database: somebody's no is made a yes.

All of it happens in one transaction that is rolled back, so the demo's ledger stays as it was; the
verification reads what the transaction sees.
"""

from __future__ import annotations

import json
from typing import Final

from django.db import DatabaseError, connection, transaction

from troth.core.choices.acts import GIVEN, REFUSED
from troth.core.ledger import guards
from troth.core.ledger.api import Line, Verification, sequence, verify
from troth.core.ledger.models import Entry as Row
from troth.core.ledger.tree import leaf_hashes
from troth.core.organisations.scope import current_organisation_id
from troth.hub.demo.holding.outcome import Entry, Outcome, Step, measure

TOLD: Final = 4
"""Findings that the page shows."""


def attempt() -> Outcome:
    """Change a row: as the database's user, as its owner, and as an owner who knows the tree."""
    sequence()  # an act that waits long for its place, as after a stop, would be a finding too
    row = Row.objects.filter(act=REFUSED).order_by("-position").first()
    if row is None:
        return Outcome(held=True, verdict="Nobody here has said no yet, so there is no row for it.")
    body = bytes(row.body)
    forged = body.replace(f'"act":"{REFUSED}"'.encode(), f'"act":"{GIVEN}"'.encode())
    with transaction.atomic():
        refused, said = _plainly(row, forged)
        _without_guards(
            "UPDATE ledger_entry SET body = %s, act = %s WHERE id = %s", forged, GIVEN, row.pk.hex
        )
        once = verify(current_organisation_id())
        (leaf,) = leaf_hashes([forged])
        _without_guards("UPDATE ledger_entry SET leaf = %s WHERE id = %s", leaf, row.pk.hex)
        twice = verify(current_organisation_id())
        transaction.set_rollback(True)
    after = verify(current_organisation_id())
    promise = measure("change-history")
    return Outcome.under(
        promise or str(json.loads(body)["clause"]),
        held=refused and not (once.holds or twice.holds) and after.holds,
        verdict="Found out, every time.",
        why="Each entry is a leaf of a tree, and the tree’s root is signed. You can change a row, "
        "and not what was signed."
        + ("" if promise else " The no you turned was said under this clause:"),
        steps=_steps(row, forged, said, once, twice, after),
    )


def _plainly(row: Row, forged: bytes) -> tuple[bool, str]:
    """The change as anybody with SQL tries it. Whether the database refused, and its words."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_entry SET body = %s WHERE id = %s", [forged, row.pk.hex])
    except DatabaseError as error:
        return True, str(error).partition("\n")[0]
    return False, "The database let it pass."


def _without_guards(statement: str, *values: str | bytes) -> None:
    """The change as the database's owner makes it: triggers off, triggers back on."""
    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    guards.install(connection)


def _steps(
    row: Row, forged: bytes, said: str, once: Verification, twice: Verification, after: Verification
) -> list[Step]:
    where = f"WHERE position = {row.position};"
    return [
        Step(
            "You found",
            "ledger",
            f"Row {row.position:,}, in which somebody said no. A yes would be more convenient.",
            entry=Entry.of(Line(row.pk, row.position, json.loads(bytes(row.body)))),
        ),
        Step(
            "You tried",
            "edit",
            "To change it with plain SQL. The database itself said:",
            f"UPDATE ledger_entry SET body = '…{GIVEN}…' {where}\n-- {said}",  # noqa: S608 - shown
        ),
        Step(
            "You went on",
            "key",
            "You own the database: you dropped its triggers, changed the row, and put them back.",
            f"DROP TRIGGER …;\nUPDATE ledger_entry SET body = '…', act = '{GIVEN}' {where}\n"
            "CREATE TRIGGER …;",
        ),
        Step(
            "The forged row",
            "eye",
            "This is how the ledger reads now:",
            entry=Entry.of(Line(row.pk, row.position, json.loads(forged))),
        ),
        Step("Verification said", _sign(once), _counted(once), _told(once)),
        Step(
            "You went further",
            "key",
            "You know how it works: you also put the right hash beside the wrong row.",
            f"UPDATE ledger_entry SET leaf = sha256(0x00 || body) {where}",  # noqa: S608 - shown
        ),
        Step("Verification said", _sign(twice), _counted(twice), _told(twice)),
        Step(
            "Rolled back",
            "undo",
            "All of this happened in a transaction that was not committed. The ledger as it is: "
            + (f"{after.size:,} entries, and it holds." if after.holds else _counted(after)),
            "" if after.holds else _told(after),
        ),
    ]


def _sign(outcome: Verification) -> str:
    return "bad" if outcome.holds else "refusal"


def _counted(outcome: Verification) -> str:
    if outcome.holds:
        return "It holds: nothing was found."
    findings = "one finding" if outcome.found == 1 else f"{outcome.found} findings"
    return f"It does not hold: {findings} in {outcome.size:,} entries."


def _told(outcome: Verification) -> str:
    return "\n".join(problem.message for problem in outcome.problems[:TOLD])
