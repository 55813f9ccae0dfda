"""Register and policies hold together: what a company is said to promise, its policy states."""

from __future__ import annotations

import re

from policies.companies import COMPANIES, Company, register

NO_MATTER_OF_POLICY: dict[str, str] = {}
"""Register ids that no policy has to state, each with the reason. So far all of them do."""


def ids(key: str) -> set[str]:
    return {entry["id"] for entry in register() if entry["id"].startswith(f"{key}-")}


def test_each_id_of_the_company_is_stated_in_its_policy(company: Company) -> None:
    assert ids(company.key) - company.stated - NO_MATTER_OF_POLICY.keys() == set()


def test_no_policy_names_an_id_that_is_not_its_own(company: Company) -> None:
    assert company.stated - ids(company.key) == set()


def test_an_id_stands_only_on_clauses_that_people_can_read(company: Company) -> None:
    silent = [
        clause.clause
        for clause in company.policy.clauses
        if not clause.text and any(block.register for block in clause.blocks)
    ]

    assert silent == []


def test_exceptions_are_real_and_have_a_reason() -> None:
    assert NO_MATTER_OF_POLICY.keys() <= {entry["id"] for entry in register()}
    assert all(NO_MATTER_OF_POLICY.values())


def test_the_register_is_complete_and_numbered_without_gaps() -> None:
    assert len(register()) == 251
    for key in COMPANIES:
        numbers = [entry["id"] for entry in register() if entry["id"].startswith(f"{key}-")]
        assert numbers == [f"{key}-{number:02}" for number in range(1, len(numbers) + 1)]


def test_each_entry_says_what_is_promised_and_how_it_is_proven() -> None:
    for entry in register():
        assert entry["says"], entry["id"]
        assert entry["proof"], entry["id"]
        assert re.fullmatch(r"[a-z-]+", entry["capability"]), entry["id"]
