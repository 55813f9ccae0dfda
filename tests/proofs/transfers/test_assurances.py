"""What an agent assures before it gets anything, and what happens when it no longer can."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack

import pytest

from proofs.asking import until
from proofs.campaigns.campaigning import Make, join
from proofs.company import Company, submit, text_of
from proofs.deciding import answers
from proofs.recipients.handing import PAGE, bind, download, prepare, press
from proofs.recipients.stand_ins import Service, service
from proofs.recipients.test_connectors import CRM, asks
from support.bonds import ASSURED
from support.seeded import Seed

TO, NAME = "customer-records", "user.name"


def connected(company: Company, there: Service) -> None:
    """Its service is described: whoever asks for a demonstration is put there."""
    file = company.site.home / "crm.toml"
    text = CRM.format(url=there.url).replace("timeout = 5", "tries = 5")
    file.write_text(re.sub(r"(header|value) = .*\n", "", text), "utf-8")
    company.site.run("recipients", "connect", "crm", file)


def standing(company: Company) -> list[tuple[str, str]]:
    """How far each thing is that is to be said to the service, and why not further."""
    return company.rows("SELECT state, answer FROM handing_delivery ORDER BY queued_at")


def remedied(company: Company) -> None:
    """The case of its remedy is open, is closed with what was done alone, and that lifts it."""
    staff = company.staff("Owner")
    [(ref, about, state)] = company.rows("SELECT ref, about, state FROM cases_case")
    assert (about, state) == (f"recipient.{TO}", "open"), "a case of its remedy is open"
    case = staff.get(f"/console/cases/{ref}")
    assert case.status == 200
    early = submit(staff, case, "outcome", do="close", outcome="remedied", words="")
    assert early.status in (409, 422)
    assert gate(company)[1] == "suspended"
    submit(
        *(staff, staff.get(f"/console/cases/{ref}"), "outcome"),
        do="close", outcome="remedied", words="Moved to another host; keys changed.",
    )  # fmt: skip


def recorded(company: Company) -> None:
    """All of it is on the ledger."""
    bodies = company.rows("SELECT body FROM ledger_entry UNION ALL SELECT body FROM ledger_pending")
    acts = {json.loads(body)["act"] for (body,) in bodies}
    assert {"recipients.suspended", "recipients.lifted", "recipients.bound"} <= acts


def gate(company: Company) -> tuple[bool, str, str]:
    """Whether it may get a name, else by which reason and clause not."""
    [found] = answers(company.site, purposes=["fulfilment"], data=[NAME], to=[TO]).values()
    return found["allowed"], found["reason"], found["clause"]


@pytest.mark.clause("comindware-32", "comindware-33")
def test_assurances_are_on_file_and_a_notice_of_inability_stops_all(make_company: Make) -> None:
    with make_company() as company, ExitStack() as stack:
        staff, seed = company.staff("Owner"), Seed.new()
        join(company, seed)
        bind(company, TO, assures=ASSURED[1:])
        assert gate(company) == (False, "bond-missing", "6.2"), "two of three are not enough"
        bind(company, TO)
        assert gate(company)[0]
        page = staff.get(PAGE + TO)
        for words in ("uses the data for this company alone", "Paper 7", "on file"):
            assert words in page.words
        for lacking in ASSURED:
            bind(company, TO, level="", assures=[lacking], days=-1)
            assert gate(company) == (False, "bond-lapsed", "6.2"), lacking
            bind(company, TO)
        prepared = prepare(staff, TO, "fulfilment", [NAME])
        assert seed.name in str(download(staff, prepared))
        # Something is on its way to its service, which does not answer; something waits behind it.
        early, late = Seed.new(), Seed.new()
        there = stack.enter_context(service())
        connected(company, there)
        there.faults[:] = [503] * 99
        asks(company, early)
        until(lambda: len(there.told) > 1, "it is tried again and again")
        press(staff, TO, do="link")
        [mail] = company.mails("privacy@rolodeck.example", "can no longer protect")
        assert "the moment you can no longer" in " ".join(text_of(mail).split())
        theirs = company.reader()
        link = company.link("privacy@rolodeck.example", "/recipients/inability/")
        assert gate(company)[0], "looking changes nothing"
        said = submit(theirs, theirs.get(link), "ground", ground="inability")
        assert "All data to you is stopped" in said.words
        tried = len(there.told)
        asks(company, late)
        until(lambda: standing(company) == [("held", "suspended")] * 2, "both are held back")
        assert len(there.told) == tried, "not tried once more, and nothing new"
        assert not there.about(late.email)
        there.faults.clear()
        assert gate(company) == (False, "suspended", "6.3")
        refused = submit(staff, prepared, to="/list.csv")
        assert refused.status == 403
        assert "6.3" in refused.words
        assert prepare(staff, TO, "fulfilment", [NAME]).status == 403
        others = answers(
            company.site, purposes=["newsletter"], data=[NAME], to=["mailing-house"]
        ).values()
        assert [one["reason"] for one in others] == ["bond-missing"], "it has shown nothing yet"
        assert "Suspended" in staff.get(PAGE + TO).words
        assert f"{TO} is suspended" in staff.get("/console/").words
        remedied(company)
        assert gate(company)[0], "closing the case lifts the suspension"
        until(lambda: {state for state, _ in standing(company)} == {"done"}, "what was held goes")
        assert there.about(early.email)
        assert there.about(late.email)
        recorded(company)
