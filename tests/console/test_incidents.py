"""“This was not me”, as the owners of a company see it."""

from __future__ import annotations

import uuid

import pytest

from console.cast import Company, words
from troth.channels.accounts.api import Incident, create_user
from troth.core import clock
from troth.core.ledger.models import Pending

URL = "/console/settings/incidents"


@pytest.fixture
def incident(comm100: Company) -> Incident:
    user = create_user(comm100.customers[0].person)
    return Incident.objects.create(
        user=user, about="sign-in", cause=uuid.uuid4(), opened_at=clock.now()
    )


def test_an_incident_waits_until_an_owner_has_handled_it(
    comm100: Company, incident: Incident
) -> None:
    assert "1 person said “this was not me”" in comm100.owner.reads("/console/")
    page = comm100.owner.reads(URL)
    assert comm100.customers[0].person.ref[:6] in page
    assert "a log-in" in page
    for _ in range(2):
        assert comm100.owner.post(f"{URL}/{incident.pk}/handled").status_code == 302
    assert "No incident is open" in comm100.owner.reads(URL)
    assert "1 person said" not in comm100.owner.reads("/console/")
    told = [b for b in map(bytes, Pending.objects.values_list("body", flat=True))
            if b"accounts.incident_handled" in b]  # fmt: skip
    assert len(told) == 1


def test_incidents_are_for_who_manages_the_staff(comm100: Company, incident: Incident) -> None:
    for other in (comm100.agent, comm100.marketing, comm100.auditor):
        assert other.get(URL).status_code == 403
        assert other.post(f"{URL}/{incident.pk}/handled").status_code == 403
        assert "said “this was not me”" not in words(other.get("/console/"))
    assert Incident.objects.get().handled_at is None


def test_a_person_who_opens_the_account_again_does_not_close_it_for_the_staff(
    comm100: Company, incident: Incident
) -> None:
    Incident.objects.update(closed_at=clock.now())
    assert "open again" in comm100.owner.reads(URL)


def test_an_unknown_incident_is_missing(comm100: Company) -> None:
    assert comm100.owner.post(f"{URL}/{uuid.uuid4()}/handled").status_code == 404


def test_another_company_sees_nothing_of_it(
    comm100: Company, incident: Incident, companies: object
) -> None:
    other = companies("comindware")  # type: ignore[operator]
    assert "No incident is open" in other.owner.reads(URL)
    assert other.owner.post(f"{URL}/{incident.pk}/handled").status_code == 404
