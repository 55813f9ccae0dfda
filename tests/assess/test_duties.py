"""Whom the company could tell of a breach."""

from __future__ import annotations

from core.conftest import Company
from troth.core import clock
from troth.core.assess.checks import Situation
from troth.core.assess.duties import breaches
from troth.core.notices.versions import current
from troth.core.people.models import Element


def test_a_company_name_reaches_nobody(company: Company) -> None:
    company.visitor_writes("ada@marsh.example")
    situation = Situation(organisation=company.organisation, published=current(), at=clock.now())
    assert list(breaches(situation))[-1].what == "All 1 people who are known can be reached."
    written = Element.objects.filter(category="user.contact.email")
    written.update(category="user.contact.organization")
    assert list(breaches(situation))[-1].what.startswith("1 of 1 people gave nothing")
