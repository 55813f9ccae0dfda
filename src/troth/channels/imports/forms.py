"""The two forms of the console: a file, and which column is what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from troth.channels.imports.columns import fields
from troth.channels.imports.queries import Column
from troth.policy import Touchpoint


class UploadForm(forms.Form):
    """One file. What is in it is looked at by the worker."""

    list = forms.FileField(
        label="The list",
        help_text="CSV or XLSX, with headings in the first row. Up to 50 MB and 500,000 rows.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.FileInput(attrs={"class": "input", "accept": ".csv,.tsv,.txt,.xlsx"}),
    )


class ColumnsForm(forms.Form):
    """A column for each element of the clause."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        found: Touchpoint,
        columns: Sequence[Column],
        chosen: Mapping[str, int],
    ) -> None:
        super().__init__(data)
        choices = [("", "Not in this list")]
        choices += [(str(column.at), column.name) for column in columns]
        self.clauses: dict[str, str] = {}
        for one in fields(found):
            self.clauses[one.key] = one.clause or found.clause
            self.fields[one.key] = forms.ChoiceField(
                label=one.label,
                choices=choices,
                required=one.required,
                initial=str(chosen.get(one.key, "")),
                error_messages={"required": "The clause requires it: choose its column."},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken: dict[str, str] = {}
        for key, at in list(cleaned.items()):  # an error takes its field out
            if at and taken.setdefault(at, key) != key:
                self.add_error(key, "This column is chosen twice.")
        return cleaned

    def columns(self) -> dict[str, int]:
        """The number of a column, from 0, for each element that has one."""
        return {key: int(at) for key, at in self.cleaned_data.items() if at}

    def rows(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with its clause, for the template."""
        return [(self[key], self.clauses[key]) for key in self.fields]
