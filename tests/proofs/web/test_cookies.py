"""The cookies a policy declares, what a browser says by itself, and what running a site is for."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from proofs.company import Company
from proofs.deciding import answers, passed
from support.reader import Chooser, Reader
from support.seeded import Seed

PARTNER = "partner-offers:to.business-partner"
SIGNAL = {"Sec-GPC": "1"}
MORE = """
[[cookie]]
clause = "99.1"
name = "extra_counter"
category = "analytics"
links_to_person = false
lasts = "3 days"
for = ["statistics"]
data = ["user.device.cookie_id"]
text = "`extra_counter` counts."
"""


def wider(text: str) -> str:
    return text.replace('version = "', 'version = "next-', 1) + MORE


@pytest.mark.clause("comindware-06")
def test_the_page_of_cookies_is_what_the_policy_declares(
    make_company: Callable[..., AbstractContextManager[Company]],
) -> None:
    with make_company(parts=("web",), policy=wider) as company:
        reader = company.reader()
        declared = tomllib.loads(reader.get("/policy.toml").text)["cookie"]
        by_category: dict[str, set[str]] = defaultdict(set)
        for one in declared:
            by_category[one["category"]].add(one["name"])
        assert "extra_counter" in by_category["analytics"]
        page = reader.get("/cookies")
        sections = re.findall(r'<section class="cookies">(.*?)</section>', page.text, re.DOTALL)
        shown = [set(re.findall(r"<th scope=\"row\"><code>([^<]+)", one)) for one in sections]
        assert sorted(map(sorted, shown)) == sorted(map(sorted, by_category.values()))
        titles = [re.findall(r"<h2>([^<]+)</h2>", one) for one in sections]
        assert all(titles)
        for one in declared:
            assert one["lasts"].replace("session", "until you close the browser") in page.words
        assert "/cookies" in reader.get("/policy").text


@pytest.mark.clause("comindware-25")
@pytest.mark.parametrize("when", ["form", "page"])
def test_the_browsers_own_control_is_an_objection(company: Company, when: str) -> None:
    seed, quiet = Seed.new(), company.reader()
    objecting = Reader(quiet.base, headers=quiet.headers | SIGNAL)
    sender = objecting if when == "form" else quiet
    company.send(sender, "demo", name=seed.name, email=seed.email, company=seed.company)
    path = company.link(seed.email, "/preferences/")
    person = Chooser(company.site, quiet, seed, path)
    if when == "page":
        assert PARTNER in person.open().ticked(), "before the browser says anything"
        objecting.get(path)
    after = person.open()
    assert PARTNER not in after.ticked(), "and it holds in a browser that is silent"
    assert "newsletter" in after.ticked(), "the company's own news are no sale"
    assert "Your browser said no for you on" in after.words
    refused = company.rows(
        "SELECT c.decision FROM choices_choice c JOIN people_person p ON p.id = c.person_id"
        " WHERE p.ref = ? AND c.manner = 'to.business-partner'",
        person.ref,
    )
    assert refused == [("refused",)]


@pytest.mark.clause("comindware-07")
def test_running_the_site_is_a_purpose_with_its_data(company: Company) -> None:
    policy = tomllib.loads(company.reader().get("/policy.toml").text)
    operation = policy["purposes"]["operation"]
    words = company.reader().get("/policy").words
    assert operation["label"] in words
    assert " ".join(operation["text"].split()) in words
    data = ["user.behavior.browsing_history", "user.device", "user.contact.email"]
    said = answers(company.site, purposes=["operation", "newsletter"], data=data)
    assert passed(said) == {
        ("operation", "user.behavior.browsing_history", ""),
        ("operation", "user.device", ""),
        ("newsletter", "user.contact.email", ""),
    }
    purposes = {
        one for block in policy["collect"] if block["at"] == "web.log" for one in block["for"]
    }
    assert "operation" in purposes
