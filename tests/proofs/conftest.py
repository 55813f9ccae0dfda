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
from proofs.kept import Kept
from proofs.selling import Shop, open_shop
from support.installations import Installation
from support.proving import company_of, ids_of

Make = Callable[..., AbstractContextManager[Company]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    ids = ids_of(metafunc.definition.iter_markers("clause"))
    assert ids, f"{metafunc.definition.nodeid} says of no clause that it proves it"
    metafunc.fixturenames.append("company_key")
    metafunc.parametrize("company_key", sorted({company_of(one) for one in ids}))


@pytest.fixture(scope="session")
def kept() -> Iterator[Kept]:
    """What is served for the company whose proofs run now."""
    found = Kept()
    yield found
    found.close()


@pytest.fixture
def company(
    company_key: str, kept: Kept, make_installation: Callable[..., Installation]
) -> Company:
    """The company of the test's clauses, shared by all proofs: leave it as it is for the next."""

    def make(stack: ExitStack) -> Company:
        return stack.enter_context(opened(make_installation(company=company_key)))

    return kept.get(company_key, "company", make)


@pytest.fixture
def shop(company: Company, company_key: str, kept: Kept) -> Shop:
    """The company of the test's clauses selling something, with a stand-in for its payment company:
    shared by all proofs.
    """
    return kept.get(company_key, "shop", lambda stack: open_shop(stack, company))


@dataclass(frozen=True)
class Hosting:
    """A company that runs the installation, and an organisation of its clients on it."""

    host: Company
    client: Company


CLIENT: Final = "com1"


@pytest.fixture
def hosting(
    company_key: str, kept: Kept, make_installation: Callable[..., Installation]
) -> Hosting:
    """The company of the test's clauses as the host of Com 1: shared by all proofs, so leave it as
    it is for the next.
    """

    def make(stack: ExitStack) -> Hosting:
        made = make_installation(company=company_key)
        made.run("init", "--company", CLIENT, "--host", "localhost")
        made.run("contract", "accept", "--organisation", CLIENT)
        own = stack.enter_context(opened(made, parts=("web", "worker")))
        return Hosting(own.beside(company_key), own.beside(CLIENT, "localhost"))

    return kept.get(company_key, "hosting", make)


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
