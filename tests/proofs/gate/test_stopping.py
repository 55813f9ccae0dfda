"""Mail that is part of the service, stopped for one person who asked for it."""

from __future__ import annotations

import pytest

from proofs.campaigns.campaigning import crew, join, notice, own_page, who_got
from proofs.company import Company, submit
from support.reader import Page, Reader
from support.seeded import Seed

EMAIL = "user.contact.email"


def person_page(company: Company, staff: Reader, seed: Seed) -> Page:
    page = submit(
        staff, staff.get("/console/people/find"), "q", q=seed.email, purpose="service-notices"
    )
    assert "/console/people/" in page.url, page.words
    return page


@pytest.mark.clause("comm100-49")
def test_an_operator_stops_even_transactional_mail_on_request_with_a_warning(
    company: Company,
) -> None:
    people = crew(2)
    join(company, *people)
    notice(company, people, subject="Before").send()
    assert who_got(company, people, "Before") == [True, True]
    owner = company.staff("Owner")
    path = person_page(company, owner, people[0]).url.removeprefix(company.site.url)
    ref = path.rpartition("/")[2]
    asked = {"purpose": "service-notices", "data": EMAIL, "person": ref}
    assert company.why(**asked).startswith("permitted")

    assert company.staff("Marketing").get(f"{path}/mail").status == 403
    page = owner.get(f"{path}/mail")
    assert "They may miss what they need" in page.words
    assert "no longer be told of maintenance and outages" in page.words
    assert "Notices your account needs" in page.words
    unsaid = submit(owner, page, "way", do="stop")
    assert unsaid.status == 422
    assert company.why(**asked).startswith("permitted"), "looking and half a form stop nothing"
    stopped = submit(owner, owner.get(f"{path}/mail"), "way", way="asked-by-mail", do="stop")
    assert "Such mail is stopped for them" in stopped.words
    assert "stopped all mail for" in stopped.words
    assert company.why(**asked).startswith("denied")
    assert company.why(**asked | {"purpose": "fulfilment"}).startswith("permitted")
    page = own_page(company, people[0])
    assert "Mail for it is stopped since" in page.words, "and what they ask for still comes"
    assert "Mail for it is stopped" not in own_page(company, people[1]).words
    ledger = owner.get("/console/ledger").words
    assert "stopped all mail for" in ledger
    outage = notice(company, people, subject="While stopped")
    assert "Asked to have even mail of the service stopped" in outage.page("audience").words
    outage.send()
    assert who_got(company, people, "While stopped") == [False, True]

    again = submit(owner, owner.get(f"{path}/mail"), "way", way="asked-by-mail", do="resume")
    assert "They get mail of the service again" in again.words
    assert company.why(**asked).startswith("permitted")
    notice(company, people, subject="After").send()
    assert who_got(company, people, "After") == [True, True]
