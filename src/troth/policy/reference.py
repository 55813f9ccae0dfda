"""The reference part of docs/policy-format.md, written from the model so that it stays true."""

from __future__ import annotations

from datetime import date

from troth.policy.codes import CODES
from troth.policy.model import TABLES, Table
from troth.policy.periods import Period
from troth.policy.shape import Slot, example, slots

_KINDS: dict[type, str] = {
    str: "text",
    int: "number",
    bool: "true or false",
    date: "date",
    Period: "period",
}


def tables() -> str:
    """Each table of the file with its keys, as Markdown."""
    return "\n".join(_table(name, table) for name, table in TABLES.items())


def _table(name: str, table: Table) -> str:
    header = f"[[{name}]]" if table.many else f"[{name}.key]" if table.named else f"[{name}]"
    about = " ".join((table.type.__doc__ or "").split())
    rows = [_row(slot) for slot in slots(table.type).values()]
    inner = [slot for slot in slots(table.type).values() if slot.table]
    below = "".join(
        f"\n`{name}.{slot.name}` has the keys\n\n{_HEAD}"
        + "".join(_row(one) for one in slots(slot.type).values())
        for slot in inner
    )
    return f"### `{header}`\n\n{about}\n\n{_HEAD}{''.join(rows)}{below}"


_HEAD = "| key | | what it says | for example |\n|---|---|---|---|\n"


def _row(slot: Slot) -> str:
    must = "required" if slot.required else ""
    words = [word for word in slot.key.one_of if word]
    listed = f": {', '.join(f'`{word}`' for word in words)}" if words else ""
    what = f"{slot.key.doc}{listed}".replace("|", "\\|")
    kind = "table" if slot.table else _KINDS[slot.type]
    kind = f"list of {kind}s" if slot.many else kind
    shown = f"`{example(slot)}`" if not slot.table else f"`[[company.{slot.name}]]`"
    return f"| `{slot.name}` | {must} | {what} ({kind}) | {shown} |\n"


def diagnostics() -> str:
    """Every code with its cause and remedy, as Markdown."""
    head = "| code | | what | why | what to do |\n|---|---|---|---|---|\n"
    return head + "".join(
        f"| {code} | {one.severity} | {one.title} | {one.why} | {one.hint} |\n"
        for code, one in CODES.items()
    )
