"""The touchpoints of a chat as the widget shows them, and what was given there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from troth.channels.forms.api import ChildDenied, describe_fields, form_class, refuse_child
from troth.core.actors import Actor
from troth.core.errors import Invalid, Missing
from troth.core.notices.versions import Published
from troth.core.people.records import Given

MESSAGE: Final = "chat.message"
PRE_CHAT: Final = "chat.pre-chat"
OFFLINE: Final = "chat.offline"
SHOWN: Final = {"field", "age"}
"""Kinds of fields that a chat shows; choices about further purposes have their own page."""


class FieldsInvalid(Invalid):
    """Some fields are not as they have to be; `errors` says which and why."""

    status = 422

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("Some of it is not as it has to be.", do="Look at what is marked.")
        self.errors = dict(errors)


class TouchpointMissing(Missing):
    """The policy in force has no such place of collecting."""


def described(key: str, published: Published) -> dict[str, Any] | None:
    """Title, notice, clause and fields of a touchpoint; None where the policy has none."""
    touchpoint = published.rules.touchpoints.get(key)
    if touchpoint is None:
        return None
    rules = published.rules
    first = next((field.category for field in touchpoint.fields), "user")
    keep = rules.keep(first, key)
    return {
        "title": touchpoint.title,
        "clause": touchpoint.clause,
        "text": touchpoint.text,
        "informs": [{"clause": one.clause, "text": one.text} for one in rules.informs_at(key)],
        "kept": {"period": str(keep.period), "clause": keep.clause} if keep else None,
        "fields": [
            field
            for field in describe_fields(form_class(touchpoint, rules)())
            if field["kind"] in SHOWN
        ],
    }


def given(key: str, values: Any, published: Published, *, actor: Actor) -> list[Given]:
    """What somebody gave at a touchpoint. Raises `FieldsInvalid`, `ChildDenied`."""
    touchpoint = published.rules.touchpoints.get(key)
    if touchpoint is None:
        raise TouchpointMissing("This policy has no such form.")
    sent = {
        str(name): value
        for name, value in (values if isinstance(values, dict) else {}).items()
        if isinstance(value, str | bool) and value is not False
    }
    form = form_class(touchpoint, published.rules)(sent)
    form.technical = frozenset()
    if form.under_age():
        refuse_child(actor=actor, touchpoint=key)
        raise ChildDenied
    if not form.is_valid():
        raise FieldsInvalid(
            {
                "form" if name == "__all__" else name: [str(one) for one in said]
                for name, said in form.errors.items()
            }
        )
    return form.given()
