"""What sets the five companies apart: one language has to hold what they promise, also where they
contradict each other, and the checker has to hold them to it."""

from __future__ import annotations

import pytest

from policies.companies import COMPANIES, Company, load

COMM100, COMINTECH, COMANTRA = load("comm100"), load("comintech"), load("comantra")
COMINDWARE, COM1 = load("comindware"), load("com1")

SHARE = """
[recipients.new-partner]
name = "A new partner"
kind = "partner"
country = "{country}"
safeguards = {safeguards}

[[share]]
clause = "99.1"
text = "We share more."
with = ["new-partner"]
data = ["{data}"]
for = ["{purpose}"]
"""


def codes(company: Company, text: str) -> set[str]:
    return {problem.code for problem in company.with_clause(text).errors}


def visitor_cookie(company: Company) -> bool:
    (cookie,) = (cookie for cookie in company.rules.cookies if cookie.name == "troth_visitor")
    return cookie.links_to_person


def test_visits_are_tied_to_the_person_once_known_at_comm100_and_never_at_comintech() -> None:
    assert visitor_cookie(COMM100)
    assert not visitor_cookie(COMINTECH)


@pytest.mark.parametrize(
    ("company", "basis"),
    [
        (COMM100, "opt-out"),
        (COMINDWARE, "opt-out"),
        (COM1, "opt-out"),
        (COMANTRA, "opt-in"),
        (COMINTECH, "opt-in"),
    ],
    ids=lambda value: value.key if isinstance(value, Company) else value,
)
def test_news_needs_a_yes_or_stops_at_a_no(company: Company, basis: str) -> None:
    assert company.policy.purposes[company.purpose("marketing.communications.email")].basis == basis


def test_everything_comintech_sends_beyond_its_service_needs_a_yes() -> None:
    refusable = {
        purpose.basis for purpose in COMINTECH.policy.purposes.values() if purpose.channels
    }

    assert refusable == {"essential", "opt-in"}


def test_opened_mails_are_counted_at_comindware_alone_and_with_a_yes() -> None:
    counting = [key for key in COMPANIES if "campaigns.open" in load(key).rules.touchpoints]

    assert counting == ["comindware"]
    (purpose,) = COMINDWARE.rules.touchpoints["campaigns.open"].purposes
    assert COMINDWARE.policy.purposes[purpose].basis == "opt-in"


@pytest.mark.parametrize(
    ("company", "choice"),
    [(COM1, "opt-out"), (COMINDWARE, "opt-out"), (COMINTECH, "opt-in")],
    ids=lambda value: value.key if isinstance(value, Company) else value,
)
def test_partners_get_addresses_after_notice_and_the_time_to_refuse(
    company: Company, choice: str
) -> None:
    (block,) = (
        block
        for block in company.policy.shares
        if any(company.policy.recipients[key].kind == "partner" for key in block.recipients)
    )

    assert block.choice == choice
    assert str(block.window) == "14 days"


@pytest.mark.parametrize("purpose", ["newsletter", "offers"])
def test_comm100_cannot_be_made_to_share_for_promotions(purpose: str) -> None:
    share = SHARE.format(
        country="CA", safeguards='["dpa"]', data="user.contact.email", purpose=purpose
    )

    assert "T301" in codes(COMM100, share)


@pytest.mark.parametrize(
    "use", ["sales", "third_party_sharing", "marketing.advertising.third_party"]
)
def test_comantra_cannot_be_made_to_sell_or_rent(use: str) -> None:
    selling = f"""
[purposes.selling]
clause = "99.2"
use = "{use}"
label = "Selling"
basis = "opt-in"
text = "We sell."

[[collect]]
clause = "99.3"
at = "forms.sell"
data = ["user.contact.email"]
for = ["selling"]
text = "We collect it."
"""
    share = SHARE.format(
        country="GB", safeguards='["dpa"]', data="user.contact.email", purpose="selling"
    )

    assert "T301" in codes(COMANTRA, selling + share)


def test_comantra_asks_for_no_birthday() -> None:
    more = """
[[collect]]
clause = "99.4"
at = "billing.checkout"
required = ["user.demographic.date_of_birth"]
for = ["fulfilment"]
text = "And when were you born?"
"""

    assert "T301" in codes(COMANTRA, more)


def test_nobody_weaker_than_comindware_gets_anything() -> None:
    share = SHARE.format(
        country="US",
        safeguards='["dpa", "framework"]',
        data="user.contact.email",
        purpose="newsletter",
    )

    assert "T304" in codes(COMINDWARE, share)


@pytest.mark.parametrize(
    ("safeguard", "enough"),
    [
        ("framework", True),
        ("eu-directive", True),
        ("adequacy", True),
        ("written-agreement", True),
        ("security-attestation", False),
    ],
)
def test_comintech_asks_one_of_four_things_of_an_agent(safeguard: str, *, enough: bool) -> None:
    share = SHARE.format(
        country="US",
        safeguards=f'["{safeguard}"]',
        data="user.contact.email",
        purpose="partner-mail",
    )

    assert ("T304" not in codes(COMINTECH, share)) is enough


@pytest.mark.parametrize("purpose", sorted(COM1.policy.purposes))
def test_contents_of_messages_leave_com1_by_its_four_clauses_only(purpose: str) -> None:
    leaving = {
        (party, rule.clause)
        for party in COM1.policy.recipients
        if (rule := COM1.rules.find("share", purpose, "user.content.private", party)).allowed
    }

    assert {clause for _, clause in leaving} <= {"6.2", "6.3", "6.4", "6.5"}
    if purpose == "transmission":
        assert leaving == {("written-to", "6.2")}


def test_the_tax_number_is_for_the_invoice_alone_at_comintech() -> None:
    readers = [
        key
        for key in COMINTECH.rules.purposes
        if COMINTECH.rules.find("use", key, "user.government_id").allowed
    ]

    assert readers == ["invoicing"]


def test_payment_data_at_comm100_is_refused_to_others_by_the_clause_that_says_so() -> None:
    rule = COMM100.rules.find("use", "newsletter", "user.payment")

    assert (rule.allowed, rule.reason, rule.clause) == (False, "forbidden", "3.10")


@pytest.mark.parametrize(
    ("company", "category", "touchpoint"),
    [
        (COMM100, "user.contact.email", "referral.invite"),
        (COMANTRA, "user.content.private", "remote.session"),
        (COM1, "user.content.private", "campaigns.delivery"),
    ],
    ids=lambda value: value.key if isinstance(value, Company) else value,
)
def test_what_is_never_stored_has_no_time_to_live(
    company: Company, category: str, touchpoint: str
) -> None:
    keep = company.rules.keep(category, touchpoint)

    assert keep is not None
    assert keep.period.count == 0


def test_a_session_from_afar_needs_an_express_yes_at_comantra() -> None:
    assert COMANTRA.rules.find("use", "remote", "user.content.private").basis == "explicit-opt-in"


def test_owners_of_domains_stay_unnamed_at_com1_unless_they_ask_to_be_shown() -> None:
    shown = COM1.rules.find("share", "public-registry", "user.name", "registry-readers")
    hidden = COM1.rules.find("share", "public-registry", "user.contact.address", "registry-readers")

    assert (shown.allowed, shown.choice) == (True, "opt-in")
    assert not hidden.allowed


@pytest.mark.parametrize(
    ("company", "of", "within"),
    [
        (COMM100, "unsubscribe", "10 business days"),
        (COMM100, "inquiry", "10 business days"),
        (COMANTRA, "inquiry", "5 business days"),
    ],
    ids=lambda value: value.key if isinstance(value, Company) else value,
)
def test_deadlines_are_the_companies_own(company: Company, of: str, within: str) -> None:
    assert str(company.rules.deadlines[of].within) == within


def test_europeans_have_their_answer_from_comindware_in_thirty_days() -> None:
    within = {
        right.who: str(right.within) for right in COMINDWARE.rules.rights if right.kind == "access"
    }

    assert within == {"EEA": "30 days", "everyone": "45 days"}


@pytest.mark.parametrize("touchpoint", ["forms.get-in-touch", "forms.download", "forms.partner"])
def test_comm100_needs_name_address_and_site_and_asks_the_rest_as_optional(touchpoint: str) -> None:
    fields = {field.key: field.required for field in COMM100.rules.touchpoints[touchpoint].fields}

    assert [key for key, required in fields.items() if required] == ["name", "email", "website"]
    assert {"company-address", "staff", "industry"} <= fields.keys()
