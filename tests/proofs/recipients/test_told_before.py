"""People are told before their data goes to somebody else, and have the time to say no."""

from __future__ import annotations

import re

import pytest

from proofs.campaigns.campaigning import Make, choose, own_page, refuse_all, sign_up
from proofs.company import Company, submit, text_of
from proofs.recipients.handing import announce, bind, download, left_out, prepare
from support.reader import Reader
from support.seeded import Seed

EMAIL, NAME = "user.contact.email", "user.name"
HELD = {
    "com1": ("selected-partner", "partner-offers", "Bright Shopfront", "5.4"),
    "comindware": ("business-partner", "partner-offers", "Blue Heron", "5.13"),
    "comintech": ("marketing-partner", "partner-mail", "Fair Wind", "5.13"),
}


def ref_of(company: Company, seed: Seed) -> str:
    return own_page(company, seed).url.rpartition("/preferences/")[2].partition("~")[0]


def gives(company: Company, to: str, purpose: str, *people: Seed) -> list[Reader]:
    """Each gives what the partner is to get, with a yes where the policy asks one."""
    if company.site.company != "comintech":
        return [sign_up(company, seed) for seed in people]
    for seed in people:
        company.send(
            *(company.reader(), "contact"), name=seed.name, email=seed.email, message=seed.message
        )
        choose(company, seed, on=[purpose])
        choose(company, seed, on=[f"{purpose}:to.{to}"])
    return []


def by_form(text: str) -> str:
    """A version in which the contact form collects for the partner's mail too."""
    start = text.index("for = [", text.index('at = "forms.contact"')) + len("for = [")
    return f'{text[:start]}"partner-mail", {text[start:]}'.replace(
        'version = "', 'version = "partner-', 1
    )


@pytest.mark.clause("com1-13", "comindware-14", "comintech-47")
def test_a_partner_gets_only_who_was_told_and_did_not_refuse(
    company_key: str, make_company: Make
) -> None:
    to, purpose, name, clause = HELD[company_key]
    goes, refuses, marked = people = [Seed.new() for _ in range(3)]
    columns = [EMAIL] if company_key == "comintech" else [NAME, EMAIL]
    with make_company(policy=by_form if company_key == "comintech" else None) as company:
        me = Seed.new()
        staff = company.new_staff("Owner", seed=me)
        if company_key == "comindware":
            bind(company, to)
        readers = gives(company, to, purpose, *people)
        if company_key == "comintech":
            choose(company, marked, off=[f"{purpose}:to.{to}"])
        else:
            refuse_all(company, marked)
        refs = [ref_of(company, seed) for seed in people]

        def may(ref: str, days: float) -> bool:
            asked = ("--purpose", purpose, "--data", EMAIL, "--to", to, "--person", ref)
            done = company.site.run("why", *asked, check=False, days_ahead=days)
            return done.stdout.startswith("permitted")

        assert not may(refs[0], 0)
        early = prepare(staff, to, purpose, columns)
        assert left_out(early) == {"were not told before": 2, "refused": 1}
        assert download(staff, early) == []
        announce(staff, to, purpose)
        for seed in (goes, refuses):
            [mail] = company.mails(seed.email, name)
            said = " ".join(text_of(mail).split())
            assert f"§ {clause}" in said
            assert "e-mail" in said.lower()
        assert not [
            one
            for one in company.post.received
            if marked.email in one.recipients and name in text_of(one)
        ], "who refused already is not asked again"
        stranger = company.reader()
        page = stranger.get(company.link(refuses.email, "/disclosures/"))
        assert name in page.words
        said_no = submit(stranger, page, "say", say="no")
        assert "You said no" in said_no.words
        assert name in own_page(company, goes).words
        assert not may(refs[0], 13), "the time to refuse runs"
        assert [may(ref, 15) for ref in refs] == [True, False, False]
        waits = prepare(staff, to, purpose, columns)
        assert left_out(waits) == {"were told, and still have time to refuse": 1, "refused": 2}
        assert download(staff, waits) == []
        with company.later(15) as then:
            later = then.reader()
            then.log_in(later, me.email)
            rows = download(later, prepare(later, to, purpose, columns))
            assert [goes.email in row.values() for row in rows] == [True]
            assert not {refuses.email, marked.email} & {one for row in rows for one in row.values()}
        for reader in readers[:1]:
            mine = reader.get("/account/my-data/")
            assert re.search(rf"gave your .*{name}", mine.words), mine.words
