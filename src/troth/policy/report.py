"""Problems and changes on a terminal, in the manner of a good compiler."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from troth.policy.problems import Problem

if TYPE_CHECKING:
    from troth.policy.comparison import Comparison

_COLOURS = {"error": "31;1", "warning": "33;1", "note": "36", "place": "1", "quiet": "2"}
_WIDTH = 96
"""Columns of a source line that are shown, around the place meant."""


@dataclass(frozen=True)
class Report:
    """Writes for a terminal, with colour if it has any."""

    colour: bool = False

    def _paint(self, what: str, text: str) -> str:
        return f"\x1b[{_COLOURS[what]}m{text}\x1b[0m" if self.colour else text

    def file(self, name: str, source: str, problems: Sequence[Problem]) -> str:
        """The problems of one file, each with its line, its cause and what to do."""
        lines = source.split("\n")
        return "".join(self._problem(name, lines, problem) + "\n" for problem in problems)

    def _problem(self, name: str, lines: list[str], problem: Problem) -> str:
        place = self._paint("place", f"{name}:{problem.line}:{problem.column}")
        severity = self._paint(problem.severity, f"{problem.severity}[{problem.code}]")
        out = f"{place}: {severity}: {problem.message}\n"
        line = lines[problem.line - 1] if problem.line <= len(lines) else ""
        if line.strip():
            shown, caret, length = _excerpt(line, problem.column, problem.length)
            number = f"{problem.line:>5} | "
            marks = " " * caret + "^" * length
            out += self._paint("quiet", number) + shown + "\n"
            out += " " * len(number) + self._paint(problem.severity, marks) + "\n"
        out += f"  why: {problem.why}\n"
        return out + f"  do:  {problem.hint}\n"

    def summary(self, files: int, problems: Sequence[Problem]) -> str:
        """How many problems of each kind there are."""
        counts = [
            _count(sum(problem.severity == kind for problem in problems), kind)
            for kind in ("error", "warning", "note")
        ]
        return f"{_count(files, 'file')} checked: {', '.join(counts)}"

    def comparison(self, found: Comparison) -> str:
        """The changes between two versions as an aligned table."""
        if not found.changes:
            return "No change in effect.\n"
        width = max(len(change.clause) for change in found.changes)
        out = ""
        for change in found.changes:
            word = self._paint("warning", "material") if change.material else "        "
            out += f"{word}  {'§ ' + change.clause:<{width + 2}}  {change.sentence}\n"
        material = sum(change.material for change in found.changes)
        return out + f"{_count(len(found.changes), 'change')}, {material} material\n"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _excerpt(line: str, column: int, length: int) -> tuple[str, int, int]:
    """The part of a line to show, and where in it, in terminal columns, the mark goes."""
    line = "".join(" " if unicodedata.category(char)[0] == "C" else char for char in line)
    start = max(0, column - 1 - _WIDTH // 2) if len(line) > _WIDTH else 0
    shown = line[start : start + _WIDTH]
    before = shown[: column - 1 - start]
    meant = shown[column - 1 - start : column - 1 - start + length]
    return shown, _columns(before), max(_columns(meant), 1)


def _columns(text: str) -> int:
    """How many terminal columns a text takes: wide letters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)
