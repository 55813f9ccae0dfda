"""What somebody entered a contest with goes to nobody else without notice and choice before."""

from __future__ import annotations

import pytest

from proofs.campaigns.campaigning import Make, choose, own_page
from proofs.company import Company, submit
from proofs.deciding import answers
from proofs.recipients.handing import announce, download, prepare
from support.seeded import Seed

NAME, TO, PURPOSE = "user.name", "prize-giver", "contests"
CONTACT = 'at = "forms.contact"'


def by_form(text: str) -> str:
    """A version in which contests are entered by the contact form too."""
    start = text.index("for = [", text.index(CONTACT)) + len("for = [")
    return f'{text[:start]}"{PURPOSE}", {text[start:]}'.replace(
        'version = "', 'version = "contest-', 1
    )


def reason(company: Company, ref: str, days: float = 0) -> str:
    """Why the prize's giver may not have somebody's name, or nothing."""
    asked = {"purposes": [PURPOSE], "data": [NAME], "to": [TO], "person": ref}
    [found] = answers(company.site, **asked, days_ahead=days).values()  # type: ignore[arg-type]
    return "" if found["allowed"] else str(found["reason"])


@pytest.mark.clause("comm100-42")
def test_denied_before_and_passes_after_notice_and_choice(make_company: Make) -> None:
    agrees, _ = people = [Seed.new(), Seed.new()]
    with make_company(policy=by_form) as company:
        me = Seed.new()
        staff = company.new_staff("Owner", seed=me)
        for seed in people:
            company.send(
                company.reader(), "contact", name=seed.name, email=seed.email, message="I enter."
            )
        refs = [own_page(company, seed).url.rpartition("/")[2].partition("~")[0] for seed in people]
        assert [reason(company, ref) for ref in refs] == ["no-opt-in", "no-opt-in"]
        choose(company, agrees, on=[f"{PURPOSE}:to.{TO}"])
        assert reason(company, refs[0], 15) == "not-told", "a yes is no notice"
        assert download(staff, prepare(staff, TO, PURPOSE, [NAME])) == []
        announce(staff, TO, PURPOSE)
        for seed in people:
            company.mails(seed.email, "Maple Parcel")
        stranger = company.reader()
        page = stranger.get(company.link(agrees.email, "/disclosures/"))
        assert "You said yes" in page.words
        submit(stranger, page, "say", say="no")
        assert reason(company, refs[0]) == "refused"
        submit(stranger, stranger.get(page.url), "say", say="yes")
        assert reason(company, refs[0]) == "recipient-window"
        assert [reason(company, ref, 15) for ref in refs] == ["", "no-opt-in"]
        with company.later(15) as then:
            desk = then.reader()
            then.log_in(desk, me.email)
            rows = download(desk, prepare(desk, TO, PURPOSE, [NAME]))
        assert [list(row.values()) for row in rows] == [[agrees.name]]
