"""Data goes abroad to those alone who are bound to guard it, and people see where it goes."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import pytest

from proofs.company import Company, publish
from proofs.deciding import answers, codes, passed, problems, shipped
from support.installations import Installation

AGENT = """
[recipients.far-agent]
clause = "99.1"
name = "Far Agent (far-agent.example)"
kind = "agent"
country = "{country}"
{bound}
text = "Far Agent answers the phone."

[[share]]
clause = "99.2"
with = ["far-agent"]
data = ["user.name"]
for = ["support"]
text = "It gets your name."
"""
FOUR = ("framework", "eu-directive", "adequacy", "written-agreement")
NAMED = ("support", "user.name", "far-agent")


def bound(*safeguards: str) -> str:
    listed = ", ".join(f'"{one}"' for one in safeguards)
    return f"safeguards = [{listed}]\nexpires = 2090-01-01" if safeguards else ""


def agent(*safeguards: str, country: str = "CL") -> str:
    return AGENT.format(country=country, bound=bound(*safeguards))


def next_version(more: str) -> Callable[[str], str]:
    return lambda text: text.replace('version = "', 'version = "next-', 1) + more


@pytest.mark.clause("comintech-36")
@pytest.mark.parametrize("one", FOUR)
def test_any_of_the_four_is_enough(company_key: str, one: str) -> None:
    assert not {"T303", "T304"} & codes(shipped(company_key) + agent(one))


@pytest.mark.clause("comintech-36")
@pytest.mark.parametrize("other", [("dpa",), ("security-attestation", "scc"), ()])
def test_anything_else_is_not(company_key: str, other: tuple[str, ...]) -> None:
    found = problems(shipped(company_key) + agent(*other))
    refused = [one["message"] for one in found if one["code"] == "T304"]
    assert refused == [f"Clause 5.1 asks `far-agent` for one of {', '.join(FOUR)}"]


@pytest.mark.clause("comintech-26", "comintech-36")
def test_an_agent_abroad_gets_data_while_it_is_bound(
    make_installation: Callable[..., Installation],
) -> None:
    site = make_installation(company="comintech")
    asked = {"purposes": ["support"], "data": ["user.name"], "to": ["far-agent"]}
    before = answers(site, **asked)
    assert before[NAMED]["reason"] == "unknown-recipient"
    refused = site.home / "refused.toml"
    refused.write_text(next_version(agent("scc"))(shipped("comintech")), "utf-8")
    said = site.run("publish", refused, check=False)
    assert said.returncode == 1
    assert "T304" in said.stdout + said.stderr
    assert not passed(answers(site, **asked)), "and it gets nothing"
    publish(site, next_version(agent("adequacy")))
    assert passed(answers(site, **asked)) == {NAMED}
    late = answers(site, **asked, days_ahead=366 * 70)
    assert late[NAMED]["reason"] == "safeguard-expired"


@pytest.mark.clause("comintech-57", "comindware-31")
def test_the_page_says_in_which_country_each_recipient_is_and_what_binds_it(
    company: Company, company_key: str
) -> None:
    words = company.reader().get("/policy").words
    recipients = tomllib.loads(shipped(company_key))["recipients"].values()
    in_words = {
        "dpa": "a data processing agreement",
        "framework": "membership of a privacy framework",
        "security-attestation": "an attestation of its security",
        "written-agreement": "a written agreement",
    }
    placed = [one for one in recipients if one["kind"] != "public"]
    assert len(placed) > 5
    for one in placed:
        kind = one["kind"].replace("-", " ")
        _, there, said = words.partition(f"{one['name']} ({kind} in {one['country']})")
        assert there, one
        for key in one.get("safeguards", ()):
            assert in_words.get(key, "") in said[:250]
