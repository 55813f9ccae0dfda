"""Rows told as groups, none smaller than so many people: what is rare is merged until it is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Final

OTHER: Final = "other"

Row = tuple[str, ...]
Groups = dict[Row, set[Hashable]]


def merged(rows: Iterable[tuple[Hashable, Sequence[str]]], smallest: int) -> dict[Row, int]:
    """Distinct rows with the number of people each stands for, at least `smallest` of them.

    `rows` are pairs of a person and their cells. A cell that fewer people share becomes `OTHER`;
    then, from the most varied column on, so do the cells of what is still a group too small. What
    is too small even so is left out. Figures over groups, therefore: two exports of different days
    compared with each other can still tell what changed between them.
    """
    people: Groups = defaultdict(set)
    for person, cells in rows:
        people[tuple(cells)].add(person)
    width = len(next(iter(people), ()))
    for column in range(width):
        seen: dict[str, set[Hashable]] = defaultdict(set)
        for cells, members in people.items():
            seen[cells[column]] |= members
        people = _without(people, column, {c for c, m in seen.items() if len(m) < smallest})
    varied = sorted(range(width), key=lambda column: -len({cells[column] for cells in people}))
    for column in varied:
        small = {cells for cells, members in people.items() if len(members) < smallest}
        people = _told(people, {one: _other(one, column) for one in small})
    return {cells: len(them) for cells, them in people.items() if len(them) >= smallest}


def _without(people: Groups, column: int, rare: set[str]) -> Groups:
    return _told(people, {one: _other(one, column) for one in people if one[column] in rare})


def _told(people: Groups, instead: dict[Row, Row]) -> Groups:
    found: Groups = defaultdict(set)
    for cells, members in people.items():
        found[instead.get(cells, cells)] |= members
    return found


def _other(cells: Row, column: int) -> Row:
    return (*cells[:column], OTHER, *cells[column + 1 :])
