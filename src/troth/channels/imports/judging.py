"""Judging a row: what of it may come in, or why it may not. Nothing is kept here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from troth.channels.forms.api import form_class
from troth.channels.imports import proof, reasons
from troth.channels.imports.columns import fields
from troth.core.notices.versions import Published
from troth.core.people.records import IDENTIFYING, Given
from troth.policy import Field, Touchpoint


@dataclass(frozen=True)
class Judged:
    """One row. With `problems` (column and reason of each) it does not come in."""

    line: int
    given: list[Given] = field(repr=False, default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    proved: bool = False

    @property
    def refused(self) -> bool:
        """Whether it can be read, and may not come in."""
        return all(reason in reasons.REFUSED for _, reason in self.problems)

    @property
    def identifiers(self) -> list[Given]:
        return [item for item in self.given if item.category in IDENTIFYING]


class Judge:
    """Knows the clause, the columns and the day, and judges one row after another."""

    def __init__(
        self,
        published: Published,
        touchpoint: Touchpoint,
        columns: Mapping[str, int],
        width: int,
        today: date,
    ) -> None:
        self.fields = [one for one in fields(touchpoint) if one.key in columns]
        self.columns, self.width, self.today = columns, width, today
        made = form_class(touchpoint, published.rules).base_fields
        self.takes: dict[str, forms.Field] = {one.key: made[one.key] for one in self.fields}

    def judge(self, line: int, cells: Sequence[str]) -> Judged:
        if len(cells) > self.width:
            return Judged(line, problems=[("", "cells")])
        given: list[Given] = []
        problems: list[tuple[str, str]] = []
        proved = False
        for one in self.fields:
            at = self.columns[one.key]
            text, reason = self._clean(one, cells[at] if at < len(cells) else "")
            if not reason and text and one.category == proof.ELEMENT:
                reason = proof.fault(text, self.today)
                proved = not reason
            if reason:
                problems.append((one.key, reason))
            elif text:
                given.append(Given(one.key, one.category, text))
        judged = Judged(line, given, problems, proved)
        if not problems and not judged.identifiers:
            key = next(one.key for one in self.fields if one.category in IDENTIFYING)
            judged.problems.append((key, "missing"))
        return judged

    def _clean(self, one: Field, cell: str) -> tuple[str, str]:
        """The cell as the form of the same element would take it, or the reason it does not."""
        if not cell and one.category == proof.ELEMENT:
            return "", "no-proof" if one.required else ""
        try:
            value = self.takes[one.key].clean(cell)
        except ValidationError as invalid:
            return "", reasons.of_code(getattr(invalid.error_list[0], "code", None))
        return str(value) if value else "", ""
