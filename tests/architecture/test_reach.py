"""Every personal field is within reach: it is shown on access, and goes with an erasure.

The fields are found from the models; a new one is covered, or fails here, without anybody thinking
of it. Retention joins with a test of its own, over the same `HELD`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import models

from support.rows import Tenant, scoped_models
from troth.core.actors import Actor
from troth.core.keyring.store import KeyMissing, destroy_person_keys
from troth.core.notices.models import PolicyVersion
from troth.core.notices.publish import publish
from troth.core.organisations.scope import scope
from troth.core.people.models import Person
from troth.core.rights import api as rights, sources
from troth.core.rights.own.holdings import holdings
from troth.core.rights.own.source import Own
from troth.core.rights.own.telling import telling
from troth.core.rights.subjects import subject_of
from troth.core.sealing.fields import SealedField
from troth.core.staff.models import Membership

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
DEPOSITS = {
    *("imports.Import", "forms.SignUp", "referral.Referral", "rights.Request"),
    *("conversations.RawMail", "conversations.SecureForm", "cases.Case", "domains.Order"),
    "billing.Begun",
}
"""What is sealed under a key of the row's own, which closes it, and goes by itself."""
PARTS = {"imports.Piece", "cases.Document", "cases.DocumentPart", "cases.Event"}
"""What belongs to a deposit and goes with its key."""
POLICY = (Path(__file__).parents[1] / "rights" / "policy.toml").read_text("utf-8")
FIELDS = [
    (model, field)
    for model in scoped_models()
    for field in model._meta.concrete_fields
    if isinstance(field, SealedField)
]


@pytest.mark.parametrize(("model", "field"), FIELDS, ids=str)
def test_destroying_the_keys_of_people_closes_the_field(
    model: type[models.Model], field: Any
) -> None:
    tenant = Tenant.new()
    owners = {
        row.pk
        for kind, row in tenant.rows.items()
        if issubclass(kind, Person) or kind._meta.label in DEPOSITS
    }
    with scope(tenant.organisation), tenant.unsealed():
        before = getattr(model._default_manager.get(), field.name)
        assert str(before).strip("[]'") in tenant.values
    destroy_person_keys(owners, tenant.organisation.pk)
    with scope(tenant.organisation), tenant.unsealed(), pytest.raises(KeyMissing):
        getattr(model._default_manager.get(), field.name)


def _of_others(name: str) -> bool:
    """Whether a part has said that the field holds somebody else's words."""
    label, _, field = name.rpartition(".")
    return field in telling(label).fields


HELD = [
    (model, field)
    for model, field in FIELDS
    if model._meta.label not in DEPOSITS | PARTS
]  # fmt: skip
"""Every sealed field that belongs to somebody known."""


def test_every_personal_field_is_shown_and_goes_with_an_erasure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sources, "_providers", [])  # the made-up row of one describes nothing
    tenant, system = Tenant.new(), Actor.system("tests")
    person = tenant.rows[Person]
    assert isinstance(person, Person)
    reached = {holding.model for holding in holdings()}
    with scope(tenant.organisation):
        with tenant.unsealed():
            values = {
                f"{model._meta.label}.{field.name}": str(
                    getattr(model._default_manager.get(), field.name)
                )
                for model, field in HELD
            }
        for model in (PolicyVersion, Membership, rights.Request):
            model.objects.all().delete()
        publish(POLICY, actor=system)
        request = rights.ask("deletion", actor=system, way="account", person=person)
        shown = set[str]()
        for one in Own().found(subject_of(request)):
            shown |= {str(one.value), *one.content}
        theirs = {name for name in values if not _of_others(name)}
        missing = {name for name in theirs if values[name] not in shown}
        others = {name for name in values.keys() - theirs if values[name] in shown}
        assert not others, "somebody else's words in the access package"
        assert not missing, "not in the access package, see rights/own/finding.py"
        rights.approve(request, actor=system)
        rights.fulfil(request, actor=system)
        faults = [(step.source, step.name, step.fault) for step in request.steps.all()]
        assert request.state == "done", faults
        for model, field in HELD:
            assert model in reached, f"nothing leads from {model._meta.label} to its person"
            assert not model._default_manager.exists(), f"{model._meta.label}.{field.name}"
