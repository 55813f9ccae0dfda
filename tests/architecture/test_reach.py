"""Every personal field is within reach of erasure: without the person's key nothing of it opens.

Export and retention join here with the apps that do them; what they have to reach is found the
same way, from the models.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from support.rows import Tenant, scoped_models
from troth.core.keyring.store import KeyMissing, destroy_person_keys
from troth.core.organisations.scope import scope
from troth.core.people.models import Person
from troth.core.sealing.fields import SealedField

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
DEPOSITS = {"imports.Import", "forms.SignUp", "referral.Referral"}
"""What is sealed before anybody knows whose it is; its own key closes it, and goes in days."""
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
