"""What the checker says: problems with a code that stays, a place, a cause and a way out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Literal

from troth.policy.codes import CODES

Severity = Literal["error", "warning", "note"]

MOST = 300
"""How many problems of one file are listed; a file with more is not a policy."""


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column, both from 1, and how many characters from there are meant."""

    line: int = 1
    column: int = 1
    length: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `message` is what, `why` the cause, `hint` what to do about it."""

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    clause: str = ""
    length: int = 1

    @property
    def why(self) -> str:
        """Why this is a problem at all: the same for each problem of a code."""
        return CODES[self.code].why

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {**asdict(self), "why": self.why}


@dataclass
class Problems:
    """The problems of one file while they are being found."""

    file: str
    found: list[Problem] = field(default_factory=list)
    dropped: int = 0

    def add(
        self, code: str, place: Place, message: str, hint: str = "", *, clause: str = ""
    ) -> None:
        """Note a problem; past the limit only its number is kept."""
        if self.full:
            self.dropped += 1
            return
        severity = CODES[code].severity
        problem = Problem(
            code,
            severity,
            self.file,
            place.line,
            place.column,
            message,
            hint or CODES[code].hint,
            clause,
            place.length,
        )
        if problem not in self.found:
            self.found.append(problem)

    @property
    def full(self) -> bool:
        """Whether further problems are only counted, so that hints need not be worked out."""
        return len(self.found) >= MOST

    @property
    def errors(self) -> bool:
        """Whether anything found stops publishing."""
        return any(problem.severity == "error" for problem in self.found)

    def __iter__(self) -> Iterator[Problem]:
        found = sorted(self.found, key=lambda problem: (problem.line, problem.column, problem.code))
        yield from found
        if self.dropped:
            yield Problem(
                "T009",
                "error",
                self.file,
                found[-1].line,
                found[-1].column,
                "Further problems are not listed",
                CODES["T009"].hint,
            )
