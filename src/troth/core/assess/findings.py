"""What a check comes to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

State = Literal["held", "failed", "not looked at"]

AREAS: Final = {
    "accurate": "Accurate",
    "comprehensive": "Comprehensive",
    "displayed": "Displayed and accessible",
    "implemented": "Implemented",
    "conforming": "In conformity",
}
"""The five questions of an assessment, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a check found, in words without any personal value.

    `where` is the page, table, file or recipient it is about; `do` says what would mend it.
    """

    state: State
    what: str
    where: str = ""
    do: str = ""
    clauses: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        shown = asdict(self) | {"clauses": list(self.clauses), "articles": list(self.articles)}
        return {key: value for key, value in shown.items() if value}


def held(what: str, where: str = "", *, clauses: tuple[str, ...] = ()) -> Finding:
    return Finding(state="held", what=what, where=where, clauses=clauses)


def failed(what: str, where: str = "", *, do: str = "", clauses: tuple[str, ...] = ()) -> Finding:
    return Finding(state="failed", what=what, where=where, do=do, clauses=clauses)


def unseen(what: str, where: str = "", *, do: str = "", clauses: tuple[str, ...] = ()) -> Finding:
    """Nobody looked: it is neither held nor failed."""
    return Finding(state="not looked at", what=what, where=where, do=do, clauses=clauses)
