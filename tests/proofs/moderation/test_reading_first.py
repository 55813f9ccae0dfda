"""A newsletter that somebody reads before it leaves."""

from __future__ import annotations

import pytest

from proofs.campaigns.campaigning import NEWS, Make, crew, join, who_got, written
from proofs.company import submit


@pytest.mark.clause("comm100-56")
def test_a_moderated_newsletter_waits_until_it_is_read(make_company: Make) -> None:
    with make_company() as company:
        owner, marketing, people = company.staff("Owner"), company.staff("Marketing"), crew(2)
        join(company, *people)
        settings = "/console/campaigns/settings"
        submit(owner, owner.get(settings), "do", do="moderate")
        assert "moderation needed" in owner.get(settings).words
        campaign = written(company, NEWS["comm100"], people, writer=marketing)
        campaign.hand_in()
        assert campaign.state() == "waiting"
        reading = f"/console/campaigns/waiting/{campaign.path.rpartition('/')[2]}"
        assert "Pier" in owner.get("/console/campaigns/waiting").words
        assert marketing.get(reading).status == 403
        company.site.run("campaigns", "send", "--once")
        assert who_got(company, people) == [False, False]

        nothing = submit(owner, owner.get(reading), "ground", ground="spam-prevention", reason="")
        assert (nothing.status, campaign.state()) == (422, "waiting")
        why = "Three offers this week are too many."
        submit(owner, owner.get(reading), "ground", ground="spam-prevention", reason=why)
        assert campaign.state() == "rejected"
        assert f"Spam prevention. {why}" in campaign.page().words
        company.site.run("campaigns", "send", "--once")
        assert who_got(company, people) == [False, False]

        campaign.step("revise")
        campaign.hand_in()
        assert campaign.state() == "waiting"
        submit(owner, owner.get(reading), "do", do="approve")
        campaign.wait("done")
        assert who_got(company, people) == [True, True]
