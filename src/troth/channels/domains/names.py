"""Names on the net: how they are spelled, and which nobody can have."""

from __future__ import annotations

from typing import Final

import idna

from troth.core.errors import Invalid

RESERVED: Final = frozenset(
    {
        *("alt", "arpa", "internal", "invalid", "local", "localhost", "onion", "test"),
    }
)
"""Top-level names that are nobody's to register (RFC 6761, 6762, 7686, 9476)."""
LONGEST: Final = 253
AT_LEAST: Final = 2  # labels


class NameInvalid(Invalid):
    """It is no name that can be registered. The message does not repeat it."""


def ascii_of(text: str) -> str:
    """The name as machines write it (RFC 5891), from however it was typed: in any script, with
    ``https://`` before or a path behind. Raises `NameInvalid`.
    """
    bare = text.strip().removeprefix("https://").removeprefix("http://")
    bare = bare.partition("/")[0].rstrip(".").removeprefix("www.")
    try:
        name = idna.encode(bare, uts46=True, std3_rules=True).decode("ascii").lower()
    except idna.IDNAError:
        raise NameInvalid(
            "This is no domain name.",
            do="Letters, digits and hyphens with a dot between, such as your-name.example.",
        ) from None
    labels = name.split(".")
    if len(labels) < AT_LEAST or len(name) > LONGEST or labels[-1].isdigit():
        raise NameInvalid("A domain name has an ending, such as .example.")
    if labels[-1] in RESERVED:
        raise NameInvalid("Names with this ending are kept for other uses; nobody can have one.")
    return name


def shown(name: str) -> str:
    """The name as people read it."""
    try:
        return idna.decode(name)
    except idna.IDNAError:  # an older table of letters
        return name


def above(name: str) -> list[str]:
    """The names it stands under, the nearest first: ``b.example`` for ``a.b.example``."""
    labels = name.split(".")
    return [".".join(labels[start:]) for start in range(1, len(labels) - 1)]
