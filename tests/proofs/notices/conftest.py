"""Companies that published a second version of their policy while people were there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from proofs.campaigns.campaigning import crew, refuse_all, sign_up
from proofs.company import opened, publish
from proofs.notices.renewing import Renewed, second
from support.installations import Installation


@pytest.fixture(scope="session")
def _renewed(make_installation: Callable[..., Installation]) -> Iterator[Callable[[str], Renewed]]:
    with ExitStack() as stack:
        made: dict[str, Renewed] = {}

        def get(key: str) -> Renewed:
            if key not in made:
                company = stack.enter_context(opened(make_installation(company=key)))
                people = crew(4)
                wishes = {"yes_offers": "on"} if key == "comintech" else {}
                readers = [sign_up(company, seed, **wishes) for seed in people]
                refuse_all(company, people[3])
                home = company.reader().get("/").words
                publish(company.site, second)
                made[key] = Renewed(company, people, readers, home)
            return made[key]

        yield get


@pytest.fixture
def renewed(company_key: str, _renewed: Callable[[str], Renewed]) -> Renewed:
    """The company of the test's clauses after its second version; each test has a person of its
    own there: see `Renewed`.
    """
    return _renewed(company_key)
