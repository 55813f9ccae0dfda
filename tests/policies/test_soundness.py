"""What has to be true of every company's file so that a site can run on it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from policies.companies import COMPANIES, Company, load
from troth.policy import compare

FOUND_BY_USE = (
    "essential.service",
    "essential.service.authentication",
    "essential.service.notifications.email",
    "essential.service.operations.support",
    "essential.legal_obligation",
    "marketing.communications.email",
)
"""Uses by which the software finds a purpose whatever a company calls it."""


def test_the_file_has_no_error_and_no_warning(company: Company) -> None:
    doubts = [str(problem) for problem in company.reading.problems if problem.severity != "note"]

    assert doubts == []


@pytest.mark.parametrize("use", FOUND_BY_USE)
def test_there_is_just_one_purpose_with_each_use_the_software_looks_for(
    company: Company, use: str
) -> None:
    assert company.purpose(use)


def test_there_is_a_purpose_for_site_statistics(company: Company) -> None:
    assert company.purpose("analytics.reporting")


@pytest.mark.parametrize(
    "touchpoint",
    ["forms.contact", "accounts.register", "accounts.profile", "forms.no-solicitation"],
)
def test_every_company_can_be_written_to_joined_and_told_to_stop(
    company: Company, touchpoint: str
) -> None:
    assert "email" in {field.key for field in company.rules.touchpoints[touchpoint].fields}


def test_all_that_is_collected_and_stored_has_an_end(company: Company) -> None:
    endless = [
        (block.at, name)
        for block in company.policy.collects
        if not block.pass_to
        for name in block.everything
        if company.rules.keep(company.policy.category(name), block.at) is None
    ]

    assert endless == []


def test_every_clause_stands_under_a_section_in_document_order(company: Company) -> None:
    numbers = [tuple(map(int, clause.clause.split("."))) for clause in company.policy.clauses]

    assert numbers == sorted(numbers)
    assert all(company.policy.section(clause.clause) for clause in company.policy.clauses)


def test_a_policy_does_nothing_else_than_itself(company: Company) -> None:
    assert compare(company.policy, company.policy).changes == ()


def test_safeguards_hold_for_a_while(company: Company) -> None:
    ends = [party.expires for party in company.policy.recipients.values() if party.expires]

    assert ends
    assert min(ends) >= date(2027, 1, 1)


def test_no_two_shares_answer_the_same_question(company: Company) -> None:
    """The first would win, and the conditions of the second would never be asked for."""
    seen: dict[tuple[str, str, str], str] = {}
    for block in company.policy.shares:
        for party in block.recipients:
            for purpose in block.purposes:
                for name in block.data:
                    question = (party, purpose, name)
                    assert question not in seen, (block.clause, seen[question])
                    seen[question] = block.clause


def test_the_log_in_secrets_protect_the_account_and_serve_nothing_else(company: Company) -> None:
    rules, account = company.rules, company.purpose("essential.service.authentication")

    for secret in ("user.authorization.password", "user.authorization.credentials"):
        assert rules.find("use", account, secret).allowed
        others = [key for key in rules.purposes if rules.find("use", key, secret).allowed]
        assert others == [account]
        assert not any(
            question[2] == secret for question, _ in rules.granted() if question[0] == "share"
        )


def test_a_card_number_goes_past_us_and_its_token_serves_payment_alone(company: Company) -> None:
    rules, payment = company.rules, company.purpose("essential.service.payment_processing")
    cards = [block for block in company.policy.collects if "card-number" in block.everything]

    assert cards
    assert all(company.rules.recipients[block.pass_to].kind == "processor" for block in cards)
    assert [key for key in rules.purposes if rules.find("use", key, "user.payment").allowed] == [
        payment
    ]


def test_forms_ask_for_no_card_number(company: Company) -> None:
    asked = {
        field.category for place in company.rules.touchpoints.values() for field in place.fields
    }

    assert not any(category.startswith("user.financial") for category in asked)


def test_labels_are_there_for_everything_a_person_reads(company: Company) -> None:
    assert all(element.label for element in company.policy.elements.values())
    assert all(block.title for block in company.policy.collects)
    assert all(purpose.label[0].isupper() for purpose in company.policy.purposes.values())


def test_addresses_lead_nowhere_real(company: Company) -> None:
    names = re.findall(r"(?<=@)[a-z0-9.-]+[a-z]|(?<=://)[a-z0-9.-]+[a-z]", company.source)

    assert names
    assert {name for name in names if not name.endswith(".example")} == set()


def test_outside_parties_are_invented(company: Company) -> None:
    for key, party in company.policy.recipients.items():
        if party.expires:
            assert re.search(r"\([a-z-]+\.example\)$", party.name), key


def test_each_company_has_a_colour_of_its_own_that_white_text_can_be_read_on() -> None:
    accents = {load(key).policy.company.accent for key in COMPANIES}

    assert len(accents) == len(COMPANIES)
    assert all(contrast_with_white(accent) >= 4.5 for accent in accents)


def contrast_with_white(colour: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
