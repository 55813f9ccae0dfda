"""What the `field` tag needs to know of a bound form field, and the kit's own widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

COUNTED_FROM = 100


class SlotSelect(forms.RadioSelect):
    """One of several times, as buttons under their day.

    Choices are grouped: (day, [(value, time), …]).
    """


class Switch(forms.CheckboxInput):
    """A checkbox that looks like a switch: for a choice that acts when the form is sent."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """Everything `kit/pieces/field.html` shows of one field."""

    bound: BoundField
    kind: str
    control: SafeString
    hint: str
    error: str
    clause: Any
    need: str
    limit: int | None
    groups: list[tuple[str, list[Any]]]
    hidden_label: bool

    @property
    def id(self) -> str:
        return self.bound.id_for_label or self.bound.auto_id or self.bound.html_name

    @property
    def hint_id(self) -> str:
        return f"{self.base}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.base}-error"

    @property
    def base(self) -> str:
        return str(self.bound.auto_id or self.bound.html_name)

    @property
    def described_by(self) -> str:
        ids = [self.hint_id if self.hint else "", self.error_id if self.error else ""]
        return " ".join(filter(None, ids))


def view(
    bound: BoundField, *, chip: Any, hint: str, current: bool, short: bool, hidden_label: bool
) -> FieldView:
    """Read a bound field. A box is never pre-ticked unless `current`: a choice already made."""
    kind = _kind(bound.field.widget)
    hint = hint or str(bound.help_text or "")
    error = " ".join(str(message) for message in bound.errors)
    limit = getattr(bound.field, "max_length", None)
    limit = limit if kind == "textarea" and limit and limit >= COUNTED_FROM else None
    attrs = _attrs(bound, kind, hint=hint, error=error, limit=limit, short=short)
    if kind in {"check", "switch", "checks"} and not bound.form.is_bound and not current:
        bound = _unticked(bound)
    grouped = kind in {"radios", "checks", "slots"}
    return FieldView(
        bound=bound,
        kind=kind,
        control=SafeString("") if grouped else bound.as_widget(attrs=attrs),
        hint=hint,
        error=error,
        clause=chip,
        need=_need(bound, kind),
        limit=limit,
        groups=_groups(bound) if grouped else [],
        hidden_label=hidden_label,
    )


def _kind(widget: forms.Widget) -> str:
    order: tuple[tuple[type[forms.Widget], str], ...] = (
        (SlotSelect, "slots"),
        (forms.CheckboxSelectMultiple, "checks"),
        (forms.RadioSelect, "radios"),
        (Switch, "switch"),
        (forms.CheckboxInput, "check"),
        (forms.Textarea, "textarea"),
        (forms.Select, "select"),
    )
    return next((kind for cls, kind in order if isinstance(widget, cls)), "input")


def _attrs(
    bound: BoundField, kind: str, *, hint: str, error: str, limit: int | None, short: bool
) -> dict[str, Any]:
    given = bound.field.widget.attrs
    css = {"check": "", "switch": "switch"}.get(kind, kind)
    css = " ".join(filter(None, [str(given.get("class", "")), css, "input-short" if short else ""]))
    base = bound.auto_id or bound.html_name
    described = [
        str(given.get("aria-describedby", "")),
        f"{base}-hint" if hint or limit else "",
        f"{base}-error" if error else "",
    ]
    attrs: dict[str, Any] = {"class": css} if css else {}
    if any(described):
        attrs["aria-describedby"] = " ".join(filter(None, described))
    if error:
        attrs["aria-invalid"] = "true"
    if kind == "switch":
        attrs["role"] = "switch"
    if limit:
        # The counter speaks before the limit cuts: the browser must not drop what was typed.
        attrs |= {"maxlength": None, "data-limit": str(limit)}
    return attrs


def _unticked(bound: BoundField) -> BoundField:
    form = bound.form
    empty: dict[str, Any] = {
        bound.name: [] if isinstance(bound.field, forms.MultipleChoiceField) else False
    }
    form.initial = {**form.initial, **empty}
    return BoundField(form, bound.field, bound.name)


def _need(bound: BoundField, kind: str) -> str:
    if kind in {"check", "switch"} and not bound.field.required:
        return ""
    return "required" if bound.field.required else "optional"


def _groups(bound: BoundField) -> list[tuple[str, list[Any]]]:
    found: dict[str, list[Any]] = {}
    names = {}
    choices = getattr(bound.field.widget, "choices", ())
    for name, inner in choices:
        if isinstance(inner, (list, tuple)):
            names.update({str(value): str(name) for value, _ in inner})
    for box in bound.subwidgets:
        found.setdefault(names.get(str(box.data["value"]), ""), []).append(box)
    return list(found.items())
