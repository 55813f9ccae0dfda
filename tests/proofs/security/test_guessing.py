"""A storm of log-ins is slowed down, locks the account, and is in a log with its own period."""

from __future__ import annotations

import re

import pytest

from proofs.asking import until
from proofs.company import Company, text_of
from proofs.customers import Customer, is_in, pick
from support.pages import submit

REPORT = "/console/settings/security"
WRONG = "five gold rings, perhaps"


@pytest.mark.clause("comintech-22")
def test_a_storm_of_log_ins_locks_and_shows_in_the_security_report(company: Company) -> None:
    victim, other = Customer.with_account(company), Customer.with_account(company)
    owner = company.staff()
    stranger = company.reader()
    answers = [victim.log_in(stranger, password=WRONG) for _ in range(12)]
    assert [one.status for one in answers] == [422] * 10 + [429] * 2
    for one in answers[:10]:
        assert "do not belong together" in one.words
    # The same words for an account that is not there; what differs would tell.
    nobody = victim.log_in(company.reader(), name="nobody@nowhere.example", password=WRONG)
    assert said(nobody.words) == said(answers[0].words) == said(answers[9].words)

    mail = company.mails(victim.seed.email, "refused each time")[-1]
    assert "Set a new password" in mail.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert victim.log_in(stranger).status in {422, 429}, "not with the right password either"
    assert not is_in(stranger)
    elsewhere = company.reader()
    victim.log_in(elsewhere)
    assert is_in(elsewhere), "its owner is not kept out by whoever guesses"
    for _ in range(4):  # a storm from many networks locks it for everybody
        guesser = company.reader()
        for _ in range(6):
            victim.log_in(guesser, password=WRONG)
    locked = company.rows(
        "SELECT count(*) FROM accounts_user WHERE locked_until > datetime('now', '+50 minutes')"
    )
    assert locked == [(1,)]
    late = company.reader()
    assert victim.log_in(late).status == 422
    assert not is_in(late)
    fine = company.reader()
    other.log_in(fine)
    assert is_in(fine), "and nobody else is locked"

    page = owner.get(REPORT)
    assert "a wrong address or password 30" in page.words
    assert "a locked account" in page.words
    assert "too many in a short time 1" in page.words, "each caller once"
    assert "Refused log-ins by day" in page.text
    assert victim.seed.email not in page.text
    assert "198.18." not in page.text, "where from is sealed until the log's purpose is picked"
    opened = pick(owner, page, "security")
    assert re.search(r"198\.18\.\d+\.0/24", opened.text)
    assert "198.18." not in pick(owner, page, "support").text
    assert company.staff("Agent").get(REPORT).status == 403

    # A new password by mail opens the account again.
    asked = company.reader()
    submit(asked, asked.get("/account/reset/"), "address", address=victim.seed.email)
    path = re.compile(r"/account/reset/[^/\s]+/[^/\s)]+/")

    def links() -> list[str]:
        received = list(company.post.received)
        return [found for one in received for found in path.findall(text_of(one))]

    link = until(links, "a link to set a password")[-1]
    new = "seven swans a-swimming on"
    submit(asked, asked.get(link), "password", password=new)
    [(still,)] = company.rows(
        "SELECT count(*) FROM accounts_user WHERE locked_until > datetime('now', '+1 minute')"
    )
    assert still == 0


def said(words: str) -> str:
    found = re.search(r"The address and the password do not belong[^.]*\.", words)
    assert found, words
    return found[0]


@pytest.mark.clause("comindware-10")
def test_the_security_log_has_its_own_purpose_and_period(company: Company) -> None:
    customer = Customer.with_account(company)
    customer.log_in(company.reader(), password=WRONG)
    rows = company.rows("SELECT touchpoint, purpose, network FROM accounts_source")
    for touchpoint, purpose, network in rows:
        assert (touchpoint, purpose) == ("web.log", "security")
        assert b"198.18" not in bytes(network)
    assert rows
    owner = company.staff()
    clause = owner.get("/policy/clause/4.6").words
    assert "keep the site safe" in clause
    assert "The server log: 60 days" in owner.get("/policy/clause/8.7").words
    assert "Keeping the site safe" in owner.get(REPORT).words
    for purpose in ("support", "product-news"):
        if f'value="{purpose}"' in owner.get(REPORT).text:
            assert "198.18." not in pick(owner, owner.get(REPORT), purpose).text
    assert "198.18." in pick(owner, owner.get(REPORT), "security").text

    run = company.site.run
    log_ins = company.rows("SELECT count(*) FROM accounts_signin")
    run("retention", "run", days_ahead=59)
    assert company.rows("SELECT count(*) FROM accounts_refused")[0][0] >= len(rows)
    run("retention", "run", days_ahead=61)
    assert company.rows("SELECT count(*) FROM accounts_refused") == [(0,)]
    assert company.rows("SELECT count(*) FROM accounts_signin") == log_ins, "and nothing else went"
    assert customer.log_in(company.reader()).status == 200
