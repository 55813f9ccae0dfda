"""Every personal field is within reach of retention, in a run over a row of every model.

Either a clause of the policy ends it, or it is said to go by itself.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from support.rows import CATEGORY, Tenant, scoped_models
from troth.core import clock
from troth.core.actors import Actor
from troth.core.notices.models import PolicyVersion
from troth.core.notices.publish import publish
from troth.core.organisations.scope import scope
from troth.core.people.models import Element, Person
from troth.core.retention import api
from troth.core.retention.models import Hold
from troth.core.sealing.fields import SealedField

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
POLICY = f"""
[policy]
version = "reach"
effective = 2026-01-01
language = "en"
title = "Privacy"

[company]
name = "Reach"
service = "Reaches"
privacy_contact = "privacy@reach.example"
website = "https://reach.example"
minimum_age = 16

[purposes.serve]
clause = "1.1"
use = "essential.service"
label = "Serving"
basis = "essential"
text = "We serve."

[[collect]]
clause = "2.1"
at = "forms.contact"
required = ["{CATEGORY}"]
for = ["serve"]
text = "We take an address."

[[keep]]
clause = "3.1"
data = ["user"]
period = "1 year after last contact"
then = "erase"
text = "A year."
"""


def sealed() -> dict[type, set[str]]:
    """Models with personal fields, and the categories of these."""
    found: dict[type, set[str]] = {}
    for model in scoped_models():
        for one in model._meta.local_fields:
            if isinstance(one, SealedField) and not one.category.startswith("system"):
                found.setdefault(model, set()).add(one.category)
    return found


def test_every_personal_field_is_ended_by_a_clause_or_goes_by_itself() -> None:
    tenant = Tenant.new()
    with scope(tenant.organisation):
        PolicyVersion.objects.all().delete()  # the row of it that was made is no policy
        publish(POLICY, actor=Actor.system("cli"))
        Hold.objects.all().delete()
        Element.objects.update(touchpoint="forms.contact")
        Person.objects.update(last_contact_at=clock.now())
        with clock.at(clock.now() + timedelta(days=300)):
            assert api.run_now(confirmed=True).due == 0
        with clock.at(clock.now() + timedelta(days=400)):
            run = api.run_now(confirmed=True)
        assert run.state == api.Run.State.DONE
        left = {model._meta.label for model in sealed() if model._default_manager.exists()}
    unreached = left - api.expiries().keys()
    assert not unreached, (
        "personal fields that retention does not reach; name a category of their own, or say with "
        f"retention.expires() when they go by themselves: {', '.join(sorted(unreached))}"
    )
