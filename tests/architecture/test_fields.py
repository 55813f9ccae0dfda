"""Every model field is declared: personal, with a category and whose it is; or not personal."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core import checks
from django.core.management import call_command
from django.db import models
from fideslang.default_taxonomy import DEFAULT_TAXONOMY

from troth.core.people.models import Person
from troth.core.sealing.declarations import undeclared
from troth.core.sealing.fields import BlindIndexField, SealedField

CATEGORIES = {category.fides_key for category in DEFAULT_TAXONOMY.data_category or []}
MODELS = apps.get_models(include_auto_created=True)
SEALED = [
    field
    for model in MODELS
    for field in model._meta.local_fields
    if isinstance(field, SealedField)
]


def test_every_field_is_declared() -> None:
    found = [f"{model._meta.label}.{name}" for model, name in undeclared()]
    assert not found, (
        f"nobody has said whether these are personal: {', '.join(found)}. Make each a sealed field "
        "with a category, or name it in Privacy.not_personal (for a library's model: in "
        "sealing.declare) if it can hold nothing personal."
    )


def test_there_are_personal_fields() -> None:
    assert SEALED, "no sealed field was found, so these tests would prove nothing"


@pytest.mark.parametrize("field", SEALED, ids=str)
def test_a_personal_field_has_a_category_of_the_taxonomy(field: SealedField) -> None:
    category = field.category
    if category.startswith("@"):
        assert isinstance(field.model._meta.get_field(category[1:]), models.CharField)
    else:
        assert category in CATEGORIES, f"{field}: {category} is not in the fideslang taxonomy"


@pytest.mark.parametrize("field", SEALED, ids=str)
def test_a_personal_field_names_whose_it_is(field: SealedField) -> None:
    if field.subject != "self":
        subject: Any = field.model._meta.get_field(field.subject)
        assert isinstance(subject, models.ForeignKey), f"{field}: the subject is a foreign key"
        assert subject.related_model is Person or field.model is not Person


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_declaration_names_fields_that_exist(model: type[models.Model]) -> None:
    declared = set(getattr(getattr(model, "Privacy", None), "not_personal", ()))
    fields = {field.name for field in model._meta.local_fields}
    inherited = {field.name for field in model._meta.fields}
    assert declared <= inherited, f"{model._meta.label} has no {', '.join(declared - inherited)}"
    sealed = {
        field.name
        for field in model._meta.local_fields
        if isinstance(field, SealedField | BlindIndexField)
    }
    assert not declared & sealed & fields, f"{model._meta.label}: sealed, yet called not personal"


@pytest.mark.django_db(databases=["default", "keyring"])
def test_the_migrations_are_those_of_the_models() -> None:
    call_command("makemigrations", check=True, dry_run=True)


@pytest.mark.django_db(databases=["default", "keyring"])
def test_the_databases_can_hold_what_the_models_declare() -> None:
    """Django leaves out, with a warning, a constraint that a database does not know."""
    assert checks.run_checks(databases=["default", "keyring"]) == []
