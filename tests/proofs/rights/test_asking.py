"""Access, correction, deletion, objection, restriction and the rest, each as a request."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from proofs.asking import EMAIL, Asker, heard, may, ref_of, spoken
from proofs.company import Company, submit
from proofs.customers import look_up


def values(package: dict[str, Any]) -> set[str]:
    """Every value in a package for machines."""
    return {str(one["value"]) for one in package["data"]["records"]}


@pytest.mark.clause("comindware-26")
def test_access_is_a_file_to_read_and_one_for_machines_within_thirty_days(
    company: Company,
) -> None:
    known, stranger = Asker.known(company), Asker.known(company)
    page = known.ask("access")
    received, at = known.times(page)
    assert (at.date() - received.date()).days == 30
    assert f"Answer by {spoken(at.date())}" in " ".join(page.words.split()).replace(" ,", "")
    offered = company.reader().get("/rights/").words
    assert "See my data" in offered
    package = known.package(page)
    jsonschema.validate(package["data"], package["schema"])
    for value in (known.seed.name, known.seed.email, known.seed.message):
        assert value in values(package)
        assert value.replace("'", "&#x27;") in package["page"]
    assert stranger.seed.email not in package["page"] + str(package["data"])
    again = known.reader.get(company.link(known.seed.email, "/rights/package/"))
    assert again.status == 404, "the link opens once"


@pytest.mark.clause("comindware-27")
@pytest.mark.parametrize("element", ["name", "phone"])
def test_what_is_wrong_is_put_right_by_a_request(company: Company, element: str) -> None:
    known = Asker.known(company, "get-in-touch", phone="+1 604 555 0100")
    right = {"name": "Ada Quill-Marsh", "phone": "+1 604 555 0199"}[element]
    page = known.ask("correction", element=element, value=right)
    assert right not in values(known.package(known.ask("access")))
    known.does(page, "go-on")
    known.over(page)
    held = values(known.package(known.ask("access")))
    assert right in held
    assert known.seed.email in held, "and nothing else was touched"


@pytest.mark.clause("comindware-27")
def test_what_is_held_is_deleted_by_a_request_and_nobody_else_is_touched(
    company: Company,
) -> None:
    gone, stays = Asker.known(company), Asker.known(company)
    page = gone.ask("deletion")
    person = gone.person(page)
    assert "What would happen" in page.words
    assert may(company, person, "support") == [True]
    gone.does(page, "go-on")
    gone.over(page)
    assert company.rows("SELECT id FROM people_person WHERE ref = ?", person) == []
    assert (
        "no such person"
        in company.site.run(
            "why", "--purpose", "support", "--data", EMAIL, "--person", person, check=False
        ).stderr
    )
    assert gone.seed.name not in values(gone.package(gone.ask("access")))
    assert stays.seed.name in values(stays.package(stays.ask("access")))


@pytest.mark.clause("comindware-28")
def test_an_objection_ends_the_use_it_names_and_no_other(company: Company) -> None:
    known = Asker.known(company, "get-in-touch")
    person = known.person(known.ask("access"))
    uses = ("newsletter", "partner-offers", "support")
    assert may(company, person, *uses) == [True, True, True]
    known.over(known.ask("objection", purposes=["newsletter"]))
    assert may(company, person, *uses) == [False, True, True]


@pytest.mark.clause("comindware-28")
def test_who_is_restricted_is_stored_and_not_used(company: Company) -> None:
    known, other = Asker.known(company), Asker.known(company)
    page = known.ask("restriction")
    person = known.person(page)
    known.over(page)
    uses = ("support", "service-notices", "fulfilment")
    assert may(company, person, *uses) == [False, False, False]
    found = look_up(company.staff(), known.seed.email, purpose="support").words
    assert "restricted: kept, not used" in found, "a colleague sees that they are there, and why"
    assert known.seed.email not in found
    assert known.seed.message in values(known.package(known.ask("access"))), "it is still there"
    assert may(company, other.person(other.ask("access")), *uses) == [True, True, True]


@pytest.mark.clause("comindware-29")
def test_data_is_carried_away_and_a_complaint_is_dealt_with(company: Company) -> None:
    known = Asker.known(company)
    package = known.package(known.ask("portability"))
    jsonschema.validate(package["data"], package["schema"])
    assert {known.seed.name, known.seed.email, known.seed.message} <= values(package)
    page = known.complain("Your answers come too late.")
    desk, path = company.staff(), f"/console/requests/{ref_of(page)}"
    assert "Your answers come too late." in desk.get(path).words
    submit(desk, desk.get(path), to="/do", do="settle", reason="put-right")
    assert "put right" in known.over(page).words
    assert heard(company, known.seed.email, "put right")
