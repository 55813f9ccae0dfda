"""What comes back by SMTP: answers, reports of delivery, complaints."""

from __future__ import annotations

import pytest

from proofs.campaigns.campaigning import (
    Make,
    answer,
    complaint,
    crew,
    dsn,
    join,
    mail_in,
    received,
    sent,
    until,
    who_got,
    written,
)
from proofs.company import Company, submit


@pytest.mark.clause("comm100-48")
def test_an_answer_that_wants_out_is_a_no_and_an_unclear_one_becomes_a_ticket(
    company: Company,
) -> None:
    people = crew(3)
    join(company, *people)
    sent(company, "newsletter", people)
    letters = [received(company, seed)[0] for seed in people]
    plain = "Please unsubscribe me, thank you.\n\n> Dear friend, the new pier is open.\n"
    mail_in(company, letters[0].message["Reply-To"], answer(people[0], plain), people[0].email)
    unclear = "I could not unsubscribe last year; when does the pier open?"
    mail_in(company, letters[1].message["Reply-To"], answer(people[1], unclear), people[1].email)
    numbered = company.mails(people[1].email, "[#")[0].message["Subject"]
    number = numbered.partition("[#")[2].partition("]")[0]
    assert number in company.staff("Owner").get("/console/conversations/?view=free").words
    until(lambda: _refused(company) >= 1)
    sent(company, "newsletter", people, subject="Next")
    assert who_got(company, people, "Next") == [False, True, True]


def _refused(company: Company) -> int:
    [(count,)] = company.rows("SELECT count(*) FROM choices_choice WHERE way = 'unsubscribe-mail'")
    return int(count)


@pytest.mark.clause("comm100-57")
def test_reports_of_delivery_and_of_spam_change_what_is_known_of_each_mail(
    company: Company,
) -> None:
    people = crew(4)
    join(company, *people)
    campaign = sent(company, "newsletter", people)
    letters = [received(company, seed)[0] for seed in people]
    mail_in(company, letters[0].sender, dsn(people[0], "failed", "5.1.1"))
    mail_in(company, letters[1].sender, dsn(people[1], "delayed", "4.4.1"))
    mail_in(company, "fbl@comm100.example", complaint(letters[2]))
    wanted = {"accepted": 2, "bounced": 1, "complained": 1}
    until(lambda: _states(company, campaign.path) == wanted)
    report = campaign.page("report").words
    assert "2 of 4 copies were accepted" in report
    assert "5.1.1" in report
    sent(company, "newsletter", people, subject="Next")
    assert who_got(company, people, "Next") == [False, True, False, True]
    join(company, people[0])
    sent(company, "newsletter", people, subject="Once more")
    assert who_got(company, people, "Once more") == [False, True, False, True]


def _states(company: Company, path: str) -> dict[str, int]:
    return dict(
        company.rows(
            "SELECT state, count(*) FROM campaigns_copy WHERE campaign_id ="
            " (SELECT id FROM campaigns_campaign WHERE ref = ?) GROUP BY state",
            path.rpartition("/")[2],
        )
    )  # type: ignore[arg-type]


@pytest.mark.clause("comm100-58")
def test_too_many_complaints_pause_all_sending(make_company: Make) -> None:
    with make_company() as company:
        people = crew(6)
        join(company, *people)
        sent(company, "newsletter", people)
        letters = [received(company, seed)[0] for seed in people]
        settings = "/console/campaigns/settings"
        owner = company.staff("Owner")
        for letter in letters[:2]:
            mail_in(company, "fbl@comm100.example", complaint(letter))
        until(lambda: "2 of 6 did" in owner.get(settings).words)
        assert "Campaigns may leave" in owner.get(settings).words
        mail_in(company, "fbl@comm100.example", complaint(letters[2]))
        until(lambda: "All campaigns are stopped" in owner.get(settings).words)
        waits = written(company, "newsletter", people, subject="Next")
        waits.hand_in()
        waits.wait("sending")
        [(now,)] = company.rows("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")
        assert who_got(company, people, "Next") == [False] * 6
        submit(owner, owner.get(settings), "do", do="release")
        waits.wait("done")
        first = "SELECT min(settled_at) FROM campaigns_copy WHERE campaign_id = (SELECT id FROM"
        first += " campaigns_campaign WHERE ref = ?)"
        assert company.rows(first, waits.path.rpartition("/")[2]) > [(now,)]
        assert who_got(company, people, "Next") == [False, False, False, True, True, True]
