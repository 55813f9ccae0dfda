"""A form as data, for callers that are no browser: what its page shows, and nothing else."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from troth.channels.forms import nonces
from troth.channels.forms.fields import EmailField, PhoneField, TouchpointForm
from troth.channels.forms.pages import Page

KINDS: Final = {"fields": "field", "choices": "choice", "age": "age"}
# The first that fits; a subclass stands before its base.
TYPES: Final[tuple[tuple[type[forms.Field], str], ...]] = (
    (EmailField, "email"),
    (PhoneField, "tel"),
    (forms.URLField, "url"),
    (forms.DateField, "date"),
    (forms.BooleanField, "boolean"),
    (forms.ChoiceField, "choice"),
)


def describe(page: Page) -> dict[str, Any]:
    """The form with its notice in force, and a new mark (`nonce`) to send it with."""
    touchpoint, rules, version = page.touchpoint, page.published.rules, page.published.version
    keep = page.keep()
    return {
        "form": touchpoint.key,
        "title": touchpoint.title,
        "version": version,
        "clause": touchpoint.clause,
        "notice": touchpoint.text,
        "informs": [
            {"clause": one.clause, "text": one.text} for one in rules.informs_at(touchpoint.key)
        ],
        "purposes": [
            {"key": key, "label": one.label, "clause": one.clause, "basis": one.basis}
            for key in touchpoint.purposes
            for one in [rules.purposes[key]]
        ],
        "kept": {"period": str(keep.period), "clause": keep.clause} if keep else None,
        "fields": fields(page.form()),
        "nonce": nonces.make(touchpoint.key, version),
    }


def fields(form: TouchpointForm) -> list[dict[str, Any]]:
    """What may be sent, in the order of the page."""
    return [
        _field(bound, clause, KINDS[group])
        for group, rows in form.groups().items()
        for bound, clause in rows
    ]


def _field(bound: forms.BoundField, clause: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": bound.name,
        "label": str(bound.label),
        "hint": str(bound.help_text or ""),
        "kind": kind,
        "type": type_of(bound.field),
        "required": bound.field.required,
        "clause": clause,
    }
    if limit := getattr(bound.field, "max_length", None):
        found["max_length"] = limit
    if options := _options(bound.field):
        found["options"] = options
    return found


def type_of(field: forms.Field) -> str:
    return next((name for kind, name in TYPES if isinstance(field, kind)), "text")


def _options(field: forms.Field) -> list[str]:
    found: list[str] = []
    for value, label in getattr(field.widget, "choices", ()):
        # Grouped choices, such as times under their day, are taken without the groups.
        inner = label if isinstance(label, list | tuple) else [(value, label)]
        found += [str(key) for key, _ in inner if key]
    return found
