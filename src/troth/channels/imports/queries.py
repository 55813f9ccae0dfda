"""Reading imports: the list of them, one, its columns, its problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from troth.channels.imports import columns, reasons
from troth.channels.imports.columns import TOUCHPOINT, fields, touchpoint
from troth.channels.imports.models import Asked, Import, Problem
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.gate.deposits import deposit
from troth.core.notices.versions import current
from troth.policy import Touchpoint


class ImportMissing(Missing):
    """There is no such import."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list."""

    at: int
    letter: str
    heading: str

    @property
    def name(self) -> str:
        return f"{self.letter} · {self.heading}" if self.heading else self.letter


@dataclass(frozen=True, slots=True)
class Reason:
    """How many rows do not come in for one reason."""

    words: str
    column: str
    count: int


def imports() -> QuerySet[Import]:
    return Import.objects.all()


def by_ref(ref: str) -> Import:
    found = Import.objects.filter(ref=ref).first()
    if found is None:
        raise ImportMissing("There is no such import.", do="Look at the list of imports.")
    return found


def asked(ref: str) -> Asked:
    """What a person of a list was asked. Raises `ImportMissing`."""
    found = Asked.objects.filter(ref=ref).select_related("person__root").first()
    if found is None:
        raise ImportMissing(
            "What this link led to is gone.", why="It was erased, or never was here."
        )
    return found


def wished(found: Asked) -> list[object]:
    """The purposes whose yes waits, as far as the policy still has them."""
    purposes = current().rules.purposes
    return [purposes[key] for key in found.wishes if key in purposes]


def head(run: Import, *, actor: Actor) -> list[Column]:
    """The columns of a list that is still here, for whoever chooses among them."""
    with deposit(row=run.pk, actor=actor, touchpoint=TOUCHPOINT):
        texts = list(run.head or ())
    return [Column(at, columns.letter(at), columns.heading(text)) for at, text in enumerate(texts)]


def dropped(run: Import, found: list[Column]) -> list[Column]:
    """Columns that do not come in."""
    return [one for one in found if one.at not in run.columns.values()]


def labels() -> dict[str, str]:
    """What the policy calls each element of a list."""
    found: Touchpoint | None = touchpoint()
    return {one.key: one.label for one in fields(found)} if found else {}


def summary(run: Import) -> list[Reason]:
    """Why rows do not come in, the most frequent reason first."""
    names = labels()
    counted = (
        Problem.objects.filter(run=run)
        .order_by()
        .values_list("reason", "column")
        .annotate(count=Count("id"))
        .order_by("-count", "reason", "column")
    )
    return [
        Reason(reasons.WORDS.get(reason, reason), names.get(column, column), count)
        for reason, column, count in counted
    ]


def problems(run: Import) -> Iterator[tuple[int, str, str]]:
    """Line, column and reason of each problem, in the order of the list."""
    names = labels()
    found = Problem.objects.filter(run=run).values_list("line", "column", "reason")
    for line, column, reason in found.iterator(chunk_size=2000):
        yield line, names.get(column, column), reasons.WORDS.get(reason, reason)
