"""An answer is due after so many business days of the company, and the staff is reminded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from proofs.asking import Asker, before_the_holidays, enter, spoken, within_business_days
from proofs.company import Company
from proofs.conftest import Make
from support.installations import Installation, served


@pytest.mark.clause("comm100-52")
@pytest.mark.parametrize("kind", ["access", "deletion", "correction", "question"])
def test_ten_business_days_leave_out_weekends_and_holidays(company: Company, kind: str) -> None:
    ada = Asker.known(company)
    day = before_the_holidays()
    more = {"element": "name", "value": "Ada Marsh"} if kind == "correction" else {}
    page = enter(company, kind, way="post", how="known", received=day, email=ada.seed.email, **more)
    received, due = ada.times(page)
    assert received.date() == day
    assert due.date() == within_business_days(company, day, 10)
    assert (due.date() - day).days > 14, "holidays lie in between"
    assert (due.hour, due.minute) == (23, 59)
    if kind != "access":
        assert f"Answer by {spoken(due.date())}" in page.words.replace(" ,", "")


@pytest.mark.clause("comm100-52")
def test_the_staff_is_reminded_before_it_is_late(make_company: Make) -> None:
    with make_company(parts=("web",)) as own:
        ada = Asker.new(own)
        desk = own.new_staff("Owner")
        page = enter(own, "question", way="phone", how="known", email=ada.seed.email, words="Why?")
        assert "Why?" in desk.get(page.url).words
        _, due = ada.times(page)
        ahead = (due - timedelta(hours=6) - datetime.now(UTC)).total_seconds() / 86_400
        site = own.site
        moved = {"DAYS_AHEAD_IN_TESTS": str(ahead), "TROTH_INBOUND_PORT": "0"}
        there = Installation(site.home, site.company, site.environment | moved)
        with served(there, "web", "worker"), own.post.arrived:
            assert own.post.arrived.wait_for(
                lambda: [
                    one
                    for one in own.post.received
                    if "1 is due today" in one.raw.decode()
                    and ada.seed.email not in one.raw.decode()
                ],
                30,
            )
