"""What every model field is: personal (sealed, with a category) or not personal, and why not.

A model says it in an inner class ``Privacy`` with ``not_personal``; tables of libraries, whose
code is not ours, are declared in the `AppConfig` of whoever installs them. An undeclared field is
an error of the system check troth.E002 and of the architecture tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from troth.core.sealing.fields import BlindIndexField, SealedField

_elsewhere: Final[dict[str, frozenset[str]]] = {}


def declare(label: str, *, not_personal: tuple[str, ...]) -> None:
    """Declare the fields of a library's model, e.g. ``declare("sessions.Session", …)``."""
    _elsewhere[label] = frozenset(not_personal)


def undeclared() -> Iterator[tuple[type[models.Model], str]]:
    """Every model field that nobody has said anything about."""
    for model in apps.get_models(include_auto_created=True):
        privacy = getattr(model, "Privacy", None)
        plain = frozenset(getattr(privacy, "not_personal", ())) | _elsewhere.get(
            model._meta.label, frozenset()
        )
        for field in model._meta.local_fields:
            sealed = isinstance(field, SealedField | BlindIndexField)
            if not sealed and field.name not in plain:
                yield model, field.name


@register()
def every_field_is_declared(**_: object) -> list[CheckMessage]:
    """troth.E002: a model field is neither sealed nor declared as not personal."""
    return [
        Error(
            f"{model._meta.label}.{name} is not declared.",
            hint="Make it a sealed field with a category, or name it in the model's "
            "Privacy.not_personal if it can hold nothing personal.",
            id="troth.E002",
        )
        for model, name in undeclared()
    ]
