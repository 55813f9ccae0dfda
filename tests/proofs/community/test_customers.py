"""The list of customers: who is in it was told before, and is off it with one word."""

from __future__ import annotations

import re
from html import unescape

import pytest

from proofs.asking import Asker, before_the_holidays, enter, until, within_business_days
from proofs.community.public import NOTE, picture, send
from proofs.company import Company, submit
from support.reader import Page


def entered(company: Company, who: Asker, *, logo: bytes = b"") -> Page:
    """Somebody of the staff enters the company of a customer."""
    owner, seed = company.staff("Owner"), who.seed
    return send(
        owner,
        owner.get("/console/customers/"),
        "address",
        file=("logo", logo) if logo else None,
        address=seed.email,
        company=seed.company,
        website=seed.website,
    )


def told(company: Company, who: Asker) -> None:
    until(
        lambda: company.rows(
            "SELECT 1 FROM community_entry e JOIN people_person p ON p.id = e.person_id"
            " JOIN recipients_foretold f ON f.person_id = p.id WHERE e.told_at IS NOT NULL"
        ),
        "that somebody was told",
    )
    company.link(who.seed.email, "/customers/leave/")


@pytest.mark.clause("comm100-35")
def test_a_company_shows_after_the_person_behind_it_was_told(company: Company) -> None:
    ada, bea = Asker.known(company), Asker.known(company)
    owner = company.staff("Owner")
    assert entered(company, ada, logo=b"<svg onload='x'/>").status == 400
    assert entered(company, ada, logo=picture()).url.endswith("/console/customers/")
    entered(company, bea)
    for one in (ada, bea):
        told(company, one)
    assert "Entered" in owner.get("/console/customers/").words
    visitor = company.reader()
    assert ada.seed.company not in unescape(visitor.get("/customers/").text)
    # Whoever says no before it shows never shows.
    link = company.link(bea.seed.email, "/customers/leave/")
    page = bea.reader.get(link)
    assert "Take your company off our list" in page.words
    assert "is not in our list" in submit(bea.reader, page, to="/customers/leave/").words
    with company.later(15) as then:
        page = then.reader().get("/customers/")
        assert ada.seed.company in unescape(page.text)
        assert f'href="{ada.seed.website}"' in page.text
        assert bea.seed.company not in unescape(page.text)
        [logo] = re.findall(r'src="(/customers/[0-9a-f]+/logo)"', page.text)
        drawn = then.reader().get(logo)
        assert drawn.headers["Content-Type"] == "image/jpeg"
        assert drawn.content.startswith(b"\xff\xd8")
        assert NOTE.encode() in picture()
        assert NOTE.encode() not in drawn.content
        # The link in the mail takes it off at once, and the picture with it.
        reader = then.reader()
        submit(reader, reader.get(company.link(ada.seed.email, "/customers/leave/")), to="/leave/")
        assert ada.seed.company not in unescape(then.reader().get("/customers/").text)
        assert then.reader().get(logo).status == 404


@pytest.mark.clause("comm100-36")
def test_a_request_takes_a_company_off_within_ten_business_days(company: Company) -> None:
    ada = Asker.known(company)
    entered(company, ada)
    told(company, ada)
    count = "SELECT count(*) FROM community_entry"
    [(before,)] = company.rows(count)
    assert before
    day = before_the_holidays()
    page = enter(company, "removal", way="post", how="known", received=day, email=ada.seed.email,
                 words="Take us off.")  # fmt: skip
    received, due = ada.times(page)
    assert received.date() == day
    assert due.date() == within_business_days(company, day, 10)
    assert (due.date() - day).days > 14, "holidays lie in between"
    ada.finish(page)
    assert company.rows(count) == [(before - 1,)]
    with company.later(15) as then:
        assert ada.seed.company not in unescape(then.reader().get("/customers/").text)
