"""A deletion goes on to everybody who got the data, and what they answer is on record."""

from __future__ import annotations

import pytest

from proofs.asking import Asker, ref_of, until
from proofs.company import Company, submit, text_of
from proofs.recipients.handing import download, prepare
from proofs.recipients.stand_ins import service

NAME, EMAIL = "user.name", "user.contact.email"
ERASES = """
recipient = "sister-company"
purpose = "service-notices"
address = "{url}"

[erase]
path = "/forget"
fields = {{ "user.contact.email" = "email" }}
"""


@pytest.mark.clause("comintech-44")
def test_each_recipient_that_got_data_is_told_and_its_answer_tracked(company: Company) -> None:
    gone, stays = Asker.known(company), Asker.known(company)
    staff = company.staff("Owner")
    for to, purpose in (("support-agent", "support"), ("sister-company", "fulfilment")):
        rows = download(staff, prepare(staff, to, purpose, [NAME, EMAIL]))
        assert gone.seed.email in str(rows)
    with service() as sister:
        file = company.site.home / "sister.toml"
        file.write_text(ERASES.format(url=sister.url), "utf-8")
        company.site.run("recipients", "connect", "sister", file)
        page = gone.ask("deletion")
        gone.does(page, "go-on")
        gone.finish(page)
        [told] = until(lambda: sister.about(gone.seed.email), "its service was told")
        company.site.run("recipients", "disconnect", "sister")
    assert (told.method, told.path) == ("POST", "/forget")
    [mail] = company.mails("privacy@dawndesk.example", gone.seed.email)
    desk = staff.get(f"/console/requests/{ref_of(page)}").words
    assert "Dawn Desk Support" in desk
    assert "Comintech Sur" in desk
    assert "Fair Wind" not in desk, "who got nothing is not told"
    theirs = company.reader()
    path = company.link("privacy@dawndesk.example", "/rights/recipient/")
    answered = submit(theirs, theirs.get(path), "answer", answer="done")
    assert "Thank you" in answered.words
    states = dict(
        company.rows(
            "SELECT t.recipient, t.state FROM rights_telling t JOIN rights_request r"
            " ON r.id = t.request_id WHERE r.ref = ?",
            ref_of(page),
        )
    )
    assert states == {"support-agent": "done", "sister-company": "done"}
    assert stays.seed.email not in text_of(mail)
    assert not sister.about(stays.seed.email)
