"""The company assesses itself: data and clauses fit each other, and the history shows it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from assess.stub import stub
from proofs.assess.assessing import INSIDE, assess
from proofs.company import Company, publish
from proofs.conftest import Make
from support.seeded import Seed

CLAUSES = Path(__file__).resolve().parents[3] / "clauses"
PRINCIPLES = {
    *("notice", "choice", "onward transfer", "security", "data integrity", "access"),
    "enforcement",
}


def _silent(source: str) -> str:
    """A version that says nothing of credentials, of telephone numbers, or of a right of access."""
    for before, after in (
        ('"user.authorization.password"', '"user.account.username"'),
        ("user.authorization.credentials", "user.account.settings"),
        ("user.contact.phone_number", "user.contact.fax_number"),
        ('version = "2015-01-01"', 'version = "silent"'),
    ):
        assert before in source
        source = source.replace(before, after)
    return re.sub(r'kind = "(access|correction|deletion|portability)"', 'kind = "question"', source)


@pytest.mark.clause("comintech-01", "comintech-60", "comintech-61", "comintech-64")
def test_a_policy_that_says_too_little_fails_and_the_history_shows_what_changed(
    make_company: Make,
) -> None:
    seed = Seed.new()
    with make_company(parts=("web",)) as own:
        given = {"name": seed.name, "email": seed.email, "phone": seed.phone}
        own.send(own.reader(), "contact", message=seed.message, **given)
        before = assess(own.site)
        assert before.status == 0, before.said
        places = {
            "accounts.SecondFactor.secret",
            *("accounts.Passkey.credential", "accounts.Passkey.label"),
        }
        assert places <= before.places("accurate.fields", "held")
        phone = "1 values of user.contact.phone_number"
        held = before.findings("comprehensive.held", "held")
        assert ("forms.contact", f"{phone}.") in held
        principles = _evidence(before.document)
        assert principles.keys() == PRINCIPLES
        assert all(one["clauses"] and "held" in one["what"] for one in principles.values())

        publish(own.site, _silent)
        after = assess(own.site)
        assert after.status == 1
        assert after.places("accurate.fields") == places
        [(where, what)] = after.findings("comprehensive.held")
        assert (where, what.startswith(phone)) == ("forms.contact", True)
        assert after.places("conforming.principles") == {"access"}

        page = own.staff("Auditor").get("/console/assessments/").words
        assert "The policy is version silent." in page
        assert "Fails now: accurate.fields: The software has a field for" in page
        assert "The first assessment." in page
        assert seed.phone not in page + json.dumps(after.document)


def _evidence(document: dict[str, object]) -> dict[str, dict[str, object]]:
    checks = document["assessment"]["checks"]  # type: ignore[index]
    [row] = [row for row in checks if row["key"] == "conforming.principles"]
    return {one["where"]: one for one in row["findings"] if one["state"] == "held"}


@pytest.mark.clause("comintech-14", "comintech-62")
def test_a_crawl_finds_the_policy_from_each_page_and_nothing_against_it(company: Company) -> None:
    only = (*INSIDE[1:], "accurate", "implemented", "conforming")
    run = assess(company.site, "--url", company.site.url, "--pages", "8", without=only)
    assert run.status == 0, run.said
    pages = {one["path"]: one for one in run.document["assessment"]["seen"]["pages"]}
    assert {"/", "/policy", "/forms/contact"} <= pages.keys()
    assert all(one["leads_to_policy"] for one in pages.values())
    assert run.state("displayed.accessible") == "held"
    # Each cookie that is set, also after a log-in, stands in the list of its category.
    assert run.state("comprehensive.cookies") == "held"
    set_here = {one["name"] for one in run.document["assessment"]["seen"]["cookies"]}
    # What was set after all was accepted came only then; before, there was nothing but the needed.
    seen = run.document["assessment"]["seen"]["cookies"]
    by_choice = {one["name"]: one["chosen"] for one in seen}
    early = {name for name, chosen in by_choice.items() if not chosen}
    assert early <= {"troth_csrf", "troth_session"}
    assert by_choice["troth_cookies"]
    set_here |= {one.name for one in company.staff().cookies}
    listed = re.findall(
        r'<section class="cookies">(.*?)</section>',
        company.reader().get("/cookies").text,
        re.DOTALL,
    )
    assert {"troth_csrf", "troth_session"} <= set_here
    for name in set_here:
        assert [name in category for category in listed].count(True) == 1, name
    with stub() as elsewhere:
        run = assess(company.site, "--url", elsewhere, without=only)
    assert run.status == 1
    assert run.places("displayed.link") == {"/offer"}
    assert run.places("displayed.accessible") == {"/offer"}
    [(where, what)] = run.findings("comprehensive.cookies")
    assert (where, what) == ("/offer", "The cookie _follows is set, and no clause declares it.")


@pytest.mark.clause("comintech-30")
def test_a_rule_without_a_working_check_fails_the_run(company: Company) -> None:
    register = tomllib.loads((CLAUSES / "register.toml").read_text("utf-8"))["clause"]
    waiting = {
        clause
        for file in (CLAUSES / "waiting").glob("*.toml")
        for row in tomllib.loads(file.read_text("utf-8"))["waiting"]
        for clause in row["clauses"]
    }
    ours = [one["id"] for one in register if one["id"].startswith("comintech-")]
    rules = [one for one in ours if one not in waiting]
    source = assess(company.site, without=("crawl", "audit", "implemented", "conforming"))
    record = company.site.home / "proofs.json"

    def shown(*, missing: str = "", broken: str = "") -> tuple[str, dict[str, str]]:
        rows = [
            {
                "test": f"of {one}",
                "clauses": [one],
                "outcome": "failed" if one == broken else "passed",
                "seconds": 0.1,
            }
            for one in rules
            if one != missing
        ]
        made = {"made": "now", "source": source.document["assessment"]["source"], "proofs": rows}
        record.write_text(json.dumps(made), "utf-8")
        run = assess(company.site, "--proofs", record, without=INSIDE[:1] + INSIDE[2:])
        promised = run.places("implemented.proofs", "held")
        assert (run.status == 0) is (run.state("implemented.proofs") == "held")
        failed = dict(run.findings("implemented.proofs"))
        assert not promised & failed.keys()
        assert (rules[0] in promised) is (rules[0] not in {missing, broken})
        return run.state("implemented.proofs"), failed

    state, failed = shown()
    assert (state, failed) == ("not looked at" if set(ours) & waiting else "held", {})
    state, failed = shown(missing=rules[0])
    assert (state, failed.keys()) == ("failed", {rules[0]})
    assert "No working check" in failed[rules[0]]
    state, failed = shown(broken=rules[0])
    assert (state, failed.keys()) == ("failed", {rules[0]})
    assert "Its proof failed" in failed[rules[0]]
