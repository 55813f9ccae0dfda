"""Which column of a list is which element of the policy."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from troth.core.errors import Invalid
from troth.core.notices.versions import current
from troth.core.people.records import IDENTIFYING
from troth.policy import Field, Touchpoint

TOUCHPOINT: Final = "import.people"
SECRET: Final = "user.authorization"  # noqa: S105 - a data category
ALSO: Final[dict[str, tuple[str, ...]]] = {
    "user.contact.email": ("email", "mail", "emailaddress", "mailaddress"),
    "user.name": ("name", "fullname", "contact", "contactname"),
    "user.contact.phone_number": ("phone", "telephone", "mobile", "phonenumber"),
    "user.contact.organization": ("company", "organization", "organisation"),
    "user.contact.url": ("website", "web", "url"),
    "user.privacy_preferences": ("permission", "consent", "optin", "optindate", "proof", "agreed"),
}
SHOWN: Final = 40


class ColumnsInvalid(Invalid):
    """What was chosen does not make a list that the clause permits."""


def touchpoint() -> Touchpoint | None:
    """What the policy in force says of lists; None if it has no clause for them."""
    return current().rules.touchpoints.get(TOUCHPOINT)


def fields(found: Touchpoint) -> list[Field]:
    """What a list may hold: nothing that goes straight to a recipient, and no password."""
    return [one for one in found.fields if not one.pass_to and not one.category.startswith(SECRET)]


def guess(head: Sequence[str], found: Touchpoint) -> dict[str, int]:
    """The first column whose heading says so, for each element."""
    taken: dict[str, int] = {}
    headings = [_plain(text) for text in head]
    for one in fields(found):
        wanted = [_plain(one.key), _plain(one.label), *ALSO.get(one.category, ())]
        at = next((headings.index(name) for name in wanted if name in headings), None)
        if at is not None and at not in taken.values():
            taken[one.key] = at
    return taken


def check(columns: Mapping[str, int], found: Touchpoint, width: int) -> None:
    """Raise `ColumnsInvalid` unless these columns give what the clause requires."""
    names = {one.key: one for one in fields(found)}
    if columns.keys() - names.keys():
        raise ColumnsInvalid(
            "A column was chosen for something the clause does not name.",
            clause=found.clause,
            do="Choose again.",
        )
    lacking = [one.label for one in names.values() if one.required and one.key not in columns]
    if lacking:
        raise ColumnsInvalid(
            f"No column is chosen for: {', '.join(lacking)}.",
            why="The clause requires it of every row.",
            clause=found.clause,
            do="Choose the column, or add it to the list and upload it again.",
        )
    if len(set(columns.values())) < len(columns) or not all(
        0 <= at < width for at in columns.values()
    ):
        raise ColumnsInvalid("A column can be only one thing.", do="Choose each column once.")
    if not any(names[key].category in IDENTIFYING for key in columns):
        raise ColumnsInvalid(
            "No column says whose row it is.",
            why="People are told apart by their e-mail address.",
            do="Choose the column with the address.",
        )


def letter(at: int) -> str:
    """What a spreadsheet calls the column at `at`, from 0: A, B, … Z, AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def heading(text: str) -> str:
    """A heading fit to be shown: short, and without what turns or hides text."""
    shown = "".join(c if c.isprintable() else " " for c in text).strip()
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(filter(str.isalnum, text))
