"""What other channels show on “My data”."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from troth.core.people.models import Person


@dataclass(frozen=True, slots=True)
class Section:
    """A table of its own on “My data”; the first cell of a row names it."""

    key: str
    title: str
    intro: str
    clause: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


_sections: Final[list[Callable[[Person], Section | None]]] = []


def on_my_data(tell: Callable[[Person], Section | None]) -> None:
    """Have `tell` called when somebody looks at what is held about them, inside their own opening.
    None leaves the section out.
    """
    if tell not in _sections:  # `ready()` may run again
        _sections.append(tell)


def sections(person: Person) -> list[Section]:
    """What the other channels tell this person. Called inside an opening of theirs."""
    return [found for tell in _sections if (found := tell(person)) is not None]
