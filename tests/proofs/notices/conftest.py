"""Companies that published a second version of their policy while people were there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import pytest

from proofs.campaigns.campaigning import crew, refuse_all, sign_up
from proofs.company import opened, publish
from proofs.kept import Kept
from proofs.notices.renewing import Renewed, second
from support.installations import Installation


@pytest.fixture
def renewed(
    company_key: str, kept: Kept, make_installation: Callable[..., Installation]
) -> Renewed:
    """The company of the test's clauses after its second version; each test has a person of its
    own there: see `Renewed`.
    """

    def make(stack: ExitStack) -> Renewed:
        company = stack.enter_context(opened(make_installation(company=company_key)))
        people = crew(4)
        wishes = {"yes_offers": "on"} if company_key == "comintech" else {}
        readers = [sign_up(company, seed, **wishes) for seed in people]
        refuse_all(company, people[3])
        home = company.reader().get("/").words
        publish(company.site, second)
        return Renewed(company, people, readers, home)

    return kept.get(company_key, "renewed", make)
