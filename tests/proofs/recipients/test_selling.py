"""Nobody's data is sold, rented or lent out: the file that would is refused, and so is the gate."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from proofs.company import publish
from proofs.deciding import answers, codes, passed, problems, shipped
from support.installations import Installation

PURPOSE = """
[purposes.selling]
clause = "99.1"
use = "{use}"
label = "Selling"
basis = "opt-in"
text = "We sell."
"""
COLLECT = """
[[collect]]
clause = "99.2"
at = "forms.sell"
required = ["email"]
for = ["selling"]
text = "We collect it."
"""
SHARE = """
[[share]]
clause = "99.3"
with = ["{to}"]
data = ["user.contact.email"]
for = ["{purpose}"]
choice = "opt-in"
text = "It goes there."
"""
RECIPIENT = """
[recipients.taker]
clause = "99.4"
name = "Taker (taker.example)"
kind = "{kind}"
country = "CA"
safeguards = ["dpa", "written-agreement", "security-attestation", "bound-by-policy"]
expires = 2099-01-01
text = "Taker."
"""
SALES = ("sales", "third_party_sharing", "marketing.advertising.third_party")


@pytest.mark.clause("comantra-14")
@pytest.mark.parametrize("use", SALES)
def test_a_file_that_sells_or_rents_is_refused(company_key: str, use: str) -> None:
    text = shipped(company_key)
    share = SHARE.format(to="mailing-house", purpose="selling")
    found = problems(text + PURPOSE.format(use=use) + COLLECT + share)
    assert [one for one in found if one["code"] == "T301" and "4.1" in one["message"]], found
    own = PURPOSE.format(use="marketing.communications")
    assert "T301" not in codes(text + own + COLLECT + share), "the company's own news is no sale"


@pytest.mark.clause("comantra-14")
def test_the_gate_lets_nothing_out_to_be_rented(
    make_installation: Callable[..., Installation],
) -> None:
    site = make_installation(company="comantra")
    use = PURPOSE.format(use="third_party_sharing") + COLLECT.replace("99.2", "99.5")
    publish(site, lambda text: text.replace('version = "', 'version = "next-', 1) + use)
    said = answers(
        site,
        purposes=["selling", "newsletter"],
        data=["user.contact.email"],
        to=["mailing-house", "letter-shop"],
    )
    assert passed(said) == {("newsletter", "user.contact.email", "mailing-house")}
    for to in ("mailing-house", "letter-shop"):
        denied = said["selling", "user.contact.email", to]
        assert (denied["clause"], denied["reason"]) == ("4.1", "forbidden")
    kept = answers(site, purposes=["selling"], data=["user.contact.email"])
    assert passed(kept), "it is the leaving that is forbidden"


@pytest.mark.clause("comm100-43")
@pytest.mark.parametrize("kind", ["partner", "affiliate", "reseller", "third-party"])
def test_no_file_can_share_for_the_promotions_of_others(company_key: str, kind: str) -> None:
    text = shipped(company_key) + RECIPIENT.format(kind=kind)
    for purpose in ("newsletter", "offers", "user-list"):
        found = problems(text + SHARE.format(to="taker", purpose=purpose))
        refused = [one for one in found if one["code"] == "T301"]
        assert any("7.1" in one["message"] for one in refused), (purpose, found)
    allowed = text + SHARE.format(to="taker", purpose="surveys")
    assert "T301" not in codes(allowed), "what is no promotion can be shared"
