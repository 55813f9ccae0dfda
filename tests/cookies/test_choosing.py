"""A browser's choice of cookies: what is kept of it, when it is asked anew, whose it becomes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.conftest import POLICIES, Company
from accounts.customers import Customer, words
from cookies.browsing import NUMBER, choose, held, text, version_on
from troth.channels.accounts.models import User
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices import checking
from troth.core.choices.models import Choice
from troth.core.ledger.api import verifier
from troth.core.notices.publish import publish
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.hub.public.mailing import link_of

BAR = "data-cookie-bar"
ACCOUNT = "/account/choices/"


def person() -> Person:
    return User.objects.get().person.root


def decided() -> list[tuple[str, str]]:
    found = Choice.objects.filter(purpose="*cookies").order_by("at", "id")
    return [(one.manner, one.decision) for one in found]


def next_version(old: str, new: str) -> None:
    """The policy once more, with one thing changed."""
    source, number = (POLICIES / "comm100.toml").read_text("utf-8"), current().version
    assert old in source
    changed = source.replace(f'version = "{number}"', f'version = "{number}-next"')
    publish(changed.replace(old, new), actor=Actor.system("cli"))


VISITOR = 'name = "troth_visitor"\ncategory = "analytics"\nlinks_to_person = true\nlasts = "1 year"'
PREFERENCES = 'name = "troth_preferences"\ncategory = "preferences"'
STATISTICS = 'clause = "3.11"\nuse = "analytics.reporting"'
UNTIED = f'{PREFERENCES}\nlinks_to_person = false\nlasts = "1 year"'


def test_a_first_visit_asks_and_stores_nothing(company: Company) -> None:
    browser = Client()
    answer = browser.get("/")
    assert BAR in text(answer)
    assert held(browser) == {}
    assert "checked" not in text(browser.get("/cookies")).partition("<main")[2]
    assert not Person.objects.exists()


def test_a_choice_is_kept_in_the_browser_alone(company: Company) -> None:
    browser = Client()
    assert choose(browser, "analytics").status_code == 302
    [(name, value)] = held(browser).items()
    assert name == "troth_cookies"
    assert value == f"{clock.now():%Y%m%d}~analytics~{current().version}"
    assert BAR not in text(browser.get("/"))
    assert not Person.objects.exists(), "nobody is made of a choice"
    assert decided() == []


@pytest.mark.parametrize(
    "value",
    [
        *("", "1", "20250230~~1", "20250101~necessary~1", "20250101~analytics~nope", "x" * 500),
        "99991231~analytics~nope",
    ],
)
def test_what_is_no_record_of_ours_counts_as_none(company: Company, value: str) -> None:
    browser = Client()
    browser.cookies["troth_cookies"] = value
    browser.cookies["troth_visitor"] = NUMBER
    assert BAR in text(browser.get("/"))
    assert "troth_visitor" not in held(browser)


@pytest.mark.parametrize(
    ("old", "new", "again", "stays"),
    [
        ("News about new features", "News about what is new", False, True),
        (VISITOR, VISITOR.replace("1 year", "90 days"), False, True),
        (VISITOR, VISITOR.replace("1 year", "2 years"), True, False),
        (VISITOR, VISITOR.replace("troth_visitor", "troth_other"), True, True),
        (UNTIED, UNTIED.replace("false", "true"), True, True),
        (UNTIED, UNTIED.replace('"preferences"', '"marketing"'), True, True),
        (STATISTICS, STATISTICS.replace("reporting", "reporting.ad_performance"), True, False),
    ],
    ids=["words", "shorter", "longer", "another", "tied", "elsewhere", "other use"],
)
def test_a_yes_covers_what_was_declared_then(
    company: Company, old: str, new: str, *, again: bool, stays: bool
) -> None:
    browser = Client()
    choose(browser, "analytics", "preferences")
    browser.cookies["troth_visitor"] = NUMBER
    next_version(old, new)
    assert (BAR in text(browser.get("/"))) is again
    assert ("troth_visitor" in held(browser)) is stays


def test_a_choice_ends(company: Company) -> None:
    browser = Client()
    choose(browser, "analytics")
    browser.cookies["troth_visitor"] = NUMBER
    with clock.at(clock.now() + timedelta(days=360)):
        assert BAR not in text(browser.get("/"))
    with clock.at(clock.now() + timedelta(days=370)):
        assert BAR in text(browser.get("/"))
    assert "troth_visitor" not in held(browser)


def test_the_browsers_own_no_outweighs_the_choice(company: Company) -> None:
    browser, signal = Client(), {"Sec-GPC": "1"}
    choose(browser, "analytics", "preferences")
    browser.cookies["troth_visitor"] = NUMBER
    browser.cookies["troth_preferences"] = "theme=dark"
    page = browser.get("/cookies", headers=signal)
    assert "Off, because your browser asks for it" in words(page)
    assert set(held(browser)) == {"troth_cookies", "troth_preferences"}
    choose(browser, "analytics", "preferences", **signal)
    assert "~preferences~" in held(browser)["troth_cookies"]


def test_where_the_browser_said_no_to_all_nothing_is_asked(company: Company) -> None:
    next_version(PREFERENCES, PREFERENCES.replace('"preferences"', '"marketing"'))
    assert BAR in text(Client().get("/"))
    assert BAR not in text(Client().get("/", headers={"Sec-GPC": "1"}))


@pytest.mark.parametrize("company", ["com1"], indirect=True)
def test_where_no_cookie_needs_a_yes_there_is_no_bar(company: Company) -> None:
    source = (POLICIES / "com1.toml").read_text("utf-8")
    start = source.index('[[cookie]]\nclause = "3.4"')
    end = source.index("[[cookie]]", start + 1)
    number = current().version
    changed = (source[:start] + source[end:]).replace(
        f'version = "{number}"', f'version = "{number}-next"'
    )
    publish(changed, actor=Actor.system("cli"))
    assert BAR not in text(Client().get("/"))
    page = text(Client().get("/cookies"))
    assert 'role="switch"' not in page.partition("<main")[2]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 302),
        ({"Origin": "http://testserver"}, 302),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_another_sites_page_cannot_say_yes(
    company: Company, headers: dict[str, str], status: int
) -> None:
    browser = Client()
    assert choose(browser, "analytics", **headers).status_code == status
    assert ("troth_cookies" in held(browser)) is (status == 302)


def test_a_choice_is_one_under_the_version_that_was_read(company: Company) -> None:
    browser = Client()
    sent = {"version": version_on(browser.get("/cookies")), "choice": "all"}
    next_version("News about new features", "News about what is new")
    answer = browser.post("/cookies", sent)
    assert answer.status_code == 409
    assert "Nothing was saved yet" in words(answer)
    assert held(browser) == {}


@pytest.mark.parametrize(
    ("where", "back"),
    [("/policy?x=1", "/policy?x=1"), ("//elsewhere.example/", "/"), ("https://e.example/", "/")],
)
def test_the_bar_leads_back_to_its_own_page(company: Company, where: str, back: str) -> None:
    browser = Client()
    version = version_on(browser.get("/"))
    sent = {"version": version, "choice": "necessary", "bar": "1", "next": where}
    answer = browser.post("/cookies", sent)
    assert (answer.status_code, answer["Location"]) == (302, back)


def test_what_was_chosen_before_becomes_theirs_at_the_log_in(
    company: Company, ada: Customer
) -> None:
    browser = ada.other_browser()
    choose(browser, "analytics")
    ada.log_in(browser)
    assert decided() == [("preferences", "refused"), ("analytics", "given")]
    given = Choice.objects.get(manner="analytics")
    assert (given.way, given.version) == ("browser", current().version)
    assert "troth_visitor" in given.wording
    page = ada.browser.get(ACCOUNT)
    assert "You accepted cookies for analytics" in words(page)


def test_what_the_browser_objects_to_does_not_become_their_yes(
    company: Company, ada: Customer
) -> None:
    browser = Client(headers={"sec-gpc": "1"})
    value = f"{clock.now():%Y%m%d}~preferences-analytics~{current().version}"
    browser.cookies["troth_cookies"] = value
    ada.log_in(browser)
    assert decided() == [("preferences", "given"), ("analytics", "refused")]


def test_a_choice_under_a_version_nobody_knows_keeps_nobody_out(
    company: Company, ada: Customer
) -> None:
    browser = ada.other_browser()
    browser.cookies["troth_cookies"] = f"{clock.now():%Y%m%d}~analytics~nope"
    assert ada.log_in(browser).status_code == 302
    assert browser.get(ACCOUNT).status_code == 200
    assert decided() == []


def test_what_was_chosen_elsewhere_comes_along(company: Company, ada: Customer) -> None:
    choose(ada.browser, "preferences")
    other = ada.other_browser()
    ada.log_in(other)
    assert "~preferences~" in held(other)["troth_cookies"]
    assert BAR not in text(other.get("/"))
    assert len(decided()) == 2, "said once"


@pytest.mark.parametrize("by", ["account", "link"])
def test_the_page_of_choices_has_them_with_receipts(
    company: Company, ada: Customer, by: str
) -> None:
    browser, path = (ada.browser, ACCOUNT) if by == "account" else (Client(), link_of(person()))
    page = browser.get(path)
    assert "Cookies in this browser" in words(page)
    sent: dict[str, Any] = {"version": version_on(page), "cookies": "1", "choice": "some"}
    saved = browser.post(path, sent | {"accept": ["analytics"]}, follow=True)
    assert "Saved. It holds from now on." in words(saved)
    assert "~analytics~" in held(browser)["troth_cookies"]
    browser.cookies["troth_visitor"] = NUMBER
    browser.post(path, sent)
    assert "troth_visitor" not in held(browser)
    assert decided()[-1] == ("analytics", "withdrawn")
    page = browser.get(path)
    receipts = re.findall(r'href="([^"]+\.jsonld)"', text(page))
    assert len(receipts) >= 3
    proven = [
        checking.check(browser.get(one).json(), verifier(company.organisation.pk))
        for one in receipts[:3]
    ]
    assert {one.events[-1].decision for one in proven} == {"given", "withdrawn", "refused"}
