"""A report of a child purges all that is held, over HTTP, and leaves a mark on the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connections, models

from console.cast import Company, Customer, words
from console.conftest import SYSTEM, writes
from support.seeded import Seed, assert_nowhere
from troth.channels.accounts.api import create_user
from troth.channels.campaigns.models import Undeliverable
from troth.channels.referral.actions import invite
from troth.channels.referral.models import Invited
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices import suppression
from troth.core.choices.deciding import refuse_solicitation
from troth.core.choices.models import Suppression
from troth.core.errors import Denied
from troth.core.gate import uses
from troth.core.gate.children import report_child
from troth.core.gate.merging import merge
from troth.core.keyring.models import Key
from troth.core.ledger.api import sequence, timeline, verify
from troth.core.people.models import Element, Person
from troth.core.people.records import Given

EMAIL = "user.contact.email"
MEANT = {"ground": "parent", "confirmed": "on"}


def folder() -> Path:
    return Path(connections["default"].settings_dict["NAME"]).parent


def known_in_every_way(seed: Seed) -> Person:
    """Somebody with an account, two joined records, choices, and digests of the address."""
    person = writes(seed)
    other = writes(Seed.new())
    create_user(person, password="six geese a-laying eggs")
    merge(other, into=person, actor=SYSTEM)
    person.refresh_from_db()
    refuse_solicitation(person, actor=SYSTEM, refused=True, way="preferences")
    with uses.search(actor=SYSTEM, purpose="support", category=EMAIL):
        suppression.suppress(EMAIL, seed.email, reason="bounced")
    index = Element.objects.filter(person=person, category=EMAIL)[0].index
    Undeliverable.objects.create(index=bytes(index), reason="bounced", at=clock.now())
    return person


def rows_of(people: list[Any]) -> dict[str, int]:
    """Every row that still points at one of these people."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Person:
                count = model._default_manager.filter(**{f"{field.name}__in": people}).count()
                found |= {f"{model._meta.label}.{field.name}": count} if count else {}
    return found


def test_every_trace_of_a_child_goes(comm100: Company) -> None:
    seed = Seed.new()
    person = known_in_every_way(seed)
    people = list(Person.objects.filter(root_id=person.root_id).values_list("pk", flat=True))
    refs = list(Person.objects.filter(root_id=person.root_id).values_list("ref", flat=True))
    invite(actor=Actor.visitor(), given=[Given("friend-email", EMAIL, Seed.new().email)])
    keys = [
        bytes(key) for key in Key.objects.filter(owner__in=people).values_list("wrapped", flat=True)
    ]
    held = Element.objects.filter(person_id__in=people, index__isnull=False)
    indexes = [bytes(index) for index in held.values_list("index", flat=True)]
    everybody = Person.objects.count()
    assert rows_of(people)
    assert len(keys) == 2
    url = f"/console/people/{person.ref}"
    assert "Report a child" in comm100.owner.reads(url)
    look = comm100.owner.reads(f"{url}/child")
    assert "Elements" in look
    assert "This cannot be undone" in look
    assert Person.objects.count() == everybody, "looking destroyed something"
    answer = comm100.owner.post(f"{url}/child", **MEANT)
    assert answer.status_code == 302, words(answer)
    assert rows_of(people) == {}
    assert not Person.objects.filter(pk__in=people).exists()
    assert Person.objects.count() == everybody - 2
    assert not Key.objects.filter(owner__in=people).exists()
    assert not Suppression.objects.exists()
    assert not Undeliverable.objects.exists()
    assert Invited.objects.count() == 1, "of somebody else"
    assert_nowhere(seed.values(), folder())
    for path in folder().rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not [secret for secret in (*keys, *indexes) if secret in content], path
    assert comm100.owner.get(url).status_code == 404
    sequence()
    assert verify(comm100.organisation).holds
    for ref in refs:
        line = timeline(comm100.organisation, ref).lines[0]
        assert (line.act, line.body["clause"]) == ("people.child_purged", "1.4")
    assert writes(seed).pk not in people


def test_others_keep_all_they_have(comm100: Company) -> None:
    gone, *others = comm100.customers
    before = rows_of([other.person for other in others])
    comm100.owner.post(f"{gone.url}/child", **MEANT)
    assert rows_of([other.person for other in others]) == before
    comm100.owner.pick("support")
    for other in others:
        assert other.seed.email in comm100.owner.reads(other.url)


@pytest.mark.parametrize(
    "sent", [{}, {"ground": "parent"}, {"confirmed": "on"}, {"ground": "x", "confirmed": "on"}]
)
def test_it_needs_a_reason_and_a_yes(comm100: Company, sent: dict[str, str]) -> None:
    customer: Customer = comm100.customers[0]
    answer = comm100.owner.post(f"{customer.url}/child", **(sent or {"x": "y"}))
    assert answer.status_code == 422
    assert Person.objects.filter(pk=customer.person.pk).exists()


def test_it_needs_the_ability(comm100: Company) -> None:
    customer = comm100.customers[0]
    for colleague in (comm100.agent, comm100.marketing, comm100.auditor):
        assert colleague.post(f"{customer.url}/child", **MEANT).status_code == 403
    assert "Report a child" not in comm100.agent.reads(customer.url)
    assert Person.objects.filter(pk=customer.person.pk).exists()


def test_a_colleague_is_not_destroyed(comm100: Company) -> None:
    colleague = Person.objects.filter(users__memberships__isnull=False)[0]
    answer = comm100.owner.post(f"/console/people/{colleague.ref}/child", **MEANT)
    assert answer.status_code == 403
    assert "member of the staff" in words(answer)
    assert Person.objects.filter(pk=colleague.pk).exists()
    assert Key.objects.filter(owner=colleague.pk).exists()


def test_a_failure_half_way_leaves_it_undone_or_can_be_done_again(comm100: Company) -> None:
    customer = comm100.customers[0]
    Key.objects.filter(owner=customer.person.pk).delete()
    report_child(customer.person, actor=SYSTEM, ground="staff")
    assert not Person.objects.filter(pk=customer.person.pk).exists()
    with pytest.raises(Denied):
        report_child(comm100.customers[1].person, actor=Actor.visitor(), ground="staff")
