"""A company's installation as its visitors, its staff and its owner have it: served, from outside.

A proof asks for `company` and gets the one its clauses are of. What would disturb the others (a new
version of the policy, a moved clock, a server that is killed) is done on one of its own:
`with make_company(...) as own`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Final

import pytest

from proofs.company import Company, opened
from support.installations import Installation
from support.proving import company_of, ids_of

Make = Callable[..., AbstractContextManager[Company]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    ids = ids_of(metafunc.definition.iter_markers("clause"))
    assert ids, f"{metafunc.definition.nodeid} says of no clause that it proves it"
    metafunc.fixturenames.append("company_key")
    metafunc.parametrize("company_key", sorted({company_of(one) for one in ids}))


@pytest.fixture(scope="session")
def _running(make_installation: Callable[..., Installation]) -> Iterator[Callable[[str], Company]]:
    with ExitStack() as stack:
        running: dict[str, Company] = {}

        def get(key: str) -> Company:
            if key not in running:
                running[key] = stack.enter_context(opened(make_installation(company=key)))
            return running[key]

        yield get


@pytest.fixture
def company(company_key: str, _running: Callable[[str], Company]) -> Company:
    """The company of the test's clauses, shared by all proofs: leave it as it is for the next."""
    return _running(company_key)


@dataclass(frozen=True)
class Hosting:
    """A company that runs the installation, and an organisation of its clients on it."""

    host: Company
    client: Company


CLIENT: Final = "com1"


@pytest.fixture(scope="session")
def _hosting(make_installation: Callable[..., Installation]) -> Iterator[Callable[[str], Hosting]]:
    with ExitStack() as stack:
        running: dict[str, Hosting] = {}

        def get(key: str) -> Hosting:
            if key not in running:
                made = make_installation(company=key)
                made.run("init", "--company", CLIENT, "--host", "localhost")
                own = stack.enter_context(opened(made, parts=("web", "worker")))
                running[key] = Hosting(own.beside(key), own.beside(CLIENT, "localhost"))
            return running[key]

        yield get


@pytest.fixture
def hosting(company_key: str, _hosting: Callable[[str], Hosting]) -> Hosting:
    """The company of the test's clauses as the host of Com 1: shared by all proofs, so leave it as
    it is for the next.
    """
    return _hosting(company_key)


@pytest.fixture
def make_company(company_key: str, make_installation: Callable[..., Installation]) -> Make:
    """Open one more installation of the company, for this test alone.

    Keyword arguments are settings (`TROTH_…`), `parts` those of `troth serve`, `policy` a function
    from the text of its policy file to another, published before it is served.
    """

    def make(
        *, parts: tuple[str, ...] = (), policy: Callable[[str], str] | None = None, **settings: str
    ) -> AbstractContextManager[Company]:
        return opened(
            make_installation(company=company_key), parts=parts, policy=policy, **settings
        )

    return make
