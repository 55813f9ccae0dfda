"""Reports taken, counted and turned away, in this process and on either database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.urls import resolve

from troth.channels.web import actions, api, counting, looking, paths
from troth.channels.web.grounds import visits
from troth.channels.web.models import Event, Lately, Salt, Seen, Site as OtherSite, Tally, Visitor
from troth.channels.web.script import script_of
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.choices.models import Choice
from troth.core.errors import Invalid
from troth.core.gate.denials import UseDenied
from troth.core.gate.figures import smallest_group
from troth.core.notices.publish import publish
from troth.core.notices.versions import current
from troth.core.recipients import binding
from troth.hub.public import arriving
from web.conftest import POLICIES, Browser

Open = Callable[..., Any]
SHOP = "https://shop.example"


def test_what_is_counted_and_where_a_visit_begins_and_ends(open_site: Open) -> None:
    with open_site("comantra") as site:
        one = site.browser()
        first = one.report("/", referrer="https://search.example/find", search_terms="Lost  Key")
        assert first.status_code == 204, first.content
        one.report("/policy", "/")
        one.report("/policy", "/policy")  # reloaded
        assert site.tally() == (3, 1, 0)
        assert site.tally("page", "/policy") == (2, 0, 0)
        assert site.tally("entry", "/")[1] == 1
        assert (site.tally("exit", "/")[1], site.tally("exit", "/policy")[1]) == (0, 1)
        assert site.tally("referrer", "search.example/find")[1] == 1
        assert site.tally("terms", "lost key")[1] == 1
        assert site.tally(page="/policy")[0] == 2
        assert not Tally.objects.filter(dimension="language").exists()
        assert sum(Lately.objects.values_list("views", flat=True)) == 3
        assert not Seen.objects.exists()


def test_a_visitor_counts_once_a_day_for_each_value(open_site: Open) -> None:
    with open_site("com1") as site:
        yes, other = site.browser(yes=True), site.browser(8, yes=True)
        for one in (yes, yes, other):
            assert one.report("/policy").status_code == 204
        assert site.tally("page", "/policy") == (3, 3, 2)
        assert not Visitor.objects.exists()
        assert not Event.objects.exists()
        kept = {bytes(one.digest) for one in Seen.objects.all()}
        number = yes.client.cookies["troth_visitor"].value
        assert bytes.fromhex(number) not in kept
        assert counting.forget_past() == 0, "today is not over"
        with clock.at(clock.now() + timedelta(days=40)):
            assert counting.forget_past() == Salt.objects.count() + 2
        assert not Seen.objects.exists()
        assert not Lately.objects.exists()
        assert site.tally("page", "/policy") == (3, 3, 2), "the sums stay"


def test_reports_that_come_at_once_are_of_one_visitor(open_site: Open) -> None:
    with open_site("comm100") as site:
        start = Barrier(4)
        browsers = [site.browser(yes=True) for _ in range(4)]

        def report(browser: Browser) -> int:
            browser.client.cookies["troth_visitor"] = "0123456789abcdef" * 2
            start.wait(30)
            try:
                return int(browser.report("/policy").status_code)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(report, browsers))
        assert answers == [204] * 4
        assert Visitor.objects.count() == 1
        assert Event.objects.count() == 4


def test_a_browser_that_came_no_more_is_forgotten_with_what_it_did(open_site: Open) -> None:
    with open_site("comm100") as site:
        old, new = site.browser(yes=True), site.browser(8, yes=True)
        with clock.at(clock.now() - timedelta(days=400)):
            old.accept().report("/policy")
        new.report("/policy")
        assert (Visitor.objects.count(), Event.objects.count()) == (2, 2)
        while api.forget_past():
            pass
        assert (Visitor.objects.count(), Event.objects.count()) == (1, 1)


def test_a_new_version_makes_no_yes_of_a_no(open_site: Open) -> None:
    with open_site("comm100") as site:
        browser = site.browser(yes=True)
        browser.report("/policy")
        person = Visitor.objects.get().person
        own = Actor("person", person.ref, person_id=person.pk)
        choose(person, actor=own, purpose="statistics", yes=False, way="preferences")
        browser.report("/policy")
        source, number = (POLICIES / "comm100.toml").read_text("utf-8"), current().version
        old = f'version = "{number}"'
        publish(source.replace(old, f'version = "{number}-next"'), actor=Actor.system("cli"))
        browser.report("/policy")
        last = Choice.objects.filter(purpose="statistics").order_by("at").last()
        assert last is not None
        assert last.decision == "withdrawn"
        assert Event.objects.count() == 1


def test_programs_and_pages_fetched_beforehand_are_left_out(open_site: Open) -> None:
    with open_site("comantra") as site:
        site.browser(agent="Mozilla/5.0 (compatible; Googlebot/2.1)").report("/")
        site.browser(agent="").report("/")
        site.browser(agent="python-requests/2.32").report("/")
        site.browser().send('{"pages": "/"}', **{"Sec-Purpose": "prefetch;prerender"})
        assert site.tally() == (0, 0, 0)
        site.browser().send('{"pages": "/"}')
        assert site.tally() == (1, 1, 0)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b"[" * 3000, 400),
        (b"{}", 400),
        (b'{"pages": []}', 400),
        (b'{"pages": ["/", "/", "/"]}', 400),
        (b'{"pages": 5}', 400),
        (b'{"pages": ["\\ud800"]}', 400),
        (b'{"pages": ["\\u0000"]}', 400),
        (b'{"pages": "/", "referrer": {"a": 1}}', 400),
        (b'{"pages": "/", "referrer": "' + b"x" * 2000 + b'"}', 400),
        (b'{"pages": "/", "x": 1}', 422),
        (b'{"pages": "/", "links": "https://a.example"}', 422),
        (b'{"pages": "/' + b"x" * 5000 + b'"}', 413),
    ],
)
def test_what_is_no_report_is_told_so_and_leaves_nothing(
    open_site: Open, body: bytes, status: int
) -> None:
    with open_site("comantra") as site:
        answer = site.browser().send(body)
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"] == "application/problem+json"
        assert not Tally.objects.exists()


def test_a_flood_is_slowed_down_and_its_refusals_fill_no_ledger(
    open_site: Open, settings: Any
) -> None:
    settings.HOME.options["web_per_minute"] = "20"
    try:
        with open_site("comantra") as site:
            one = site.browser()
            answers = [one.send('{"pages": "/", "x": "1"}').status_code for _ in range(24)]
            assert answers == [422] * 20 + [429] * 4
            from troth.core.ledger.models import Pending  # noqa: PLC0415

            bodies = [bytes(row.body) for row in Pending.objects.all()]
            assert sum(b"not-in-clause" in body for body in bodies) == 10
            assert site.browser(9).report("/").status_code == 204, "others go on"
    finally:
        settings.HOME.options.pop("web_per_minute")


def test_other_sites_report_only_if_named_and_never_with_a_number(open_site: Open) -> None:
    with open_site("com1") as site:
        yes = site.browser(yes=True)
        assert yes.send('{"pages": "/a"}', Origin=SHOP).status_code == 403
        owner = Actor("staff", "a" * 32, abilities=frozenset({actions.MANAGE}))
        actions.add_site("HTTPS://Shop.example:443/", actor=owner)
        assert OtherSite.objects.get().origin == SHOP
        answer = yes.send('{"pages": "/a"}', Origin=SHOP)
        assert answer.status_code == 204
        assert answer["Access-Control-Allow-Origin"] == SHOP
        assert "Access-Control-Allow-Credentials" not in answer
        assert "troth_visitor" not in answer.cookies
        assert site.tally() == (0, 0, 0), "this policy counts only who said yes, here"
        own = yes.send('{"pages": "/policy"}', Origin="https://testserver")
        assert own.status_code == 204
        assert site.tally() == (1, 1, 1)
    with open_site("comantra") as site:
        actions.add_site(SHOP, actor=owner)
        site.browser().send('{"pages": "/shop"}', Origin=SHOP)
        assert site.tally("page", "/shop") == (1, 1, 0)


@pytest.mark.parametrize(
    "text",
    ["", "shop.example", "ftp://a.example", "https://", "https://a.example/b", "https://u@a"],
)
def test_what_is_no_origin_is_not_taken(text: str) -> None:
    with pytest.raises(Invalid):
        actions.origin_of(text)


def test_the_script_is_small_and_knows_its_clause(open_site: Open) -> None:
    for company, fields, link in (
        ("comantra", ("pages", "referrer", "search-terms"), ""),
        ("comm100", ("links", "pages"), "links"),
        ("comintech", ("actions", "clicks", "pages"), "clicks"),
    ):
        with open_site(company) as site:
            ground = visits(current())
            assert ground is not None
            assert (ground.sent, ground.link) == (fields, link)
            answer = site.browser().get("/web/count.js", **{"Accept-Encoding": "gzip"})
            assert answer.status_code == 200
            assert len(answer.content) < 3000
            assert answer.content == script_of(ground).packed
            again = site.browser().get("/web/count.js", **{"If-None-Match": answer["ETag"]})
            assert again.status_code == 304


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/policy?x=1#y", "/policy"),
        ("/preferences/Zm9vYmFyYmF6cXV4MTIz~sig", "/preferences/…"),
        ("/account/reset/ann@mail.example/", "/account/reset/…/"),
        ("/orders/12345678", "/orders/…"),
        ("/forms/get-in-touch", "/forms/get-in-touch"),
        (
            "/news/what-is-new-in-november-for-small-firms",
            "/news/what-is-new-in-november-for-small-firms",
        ),
        ("", "/"),
        ("//[x", "/"),
        ("http://[x/y", "/"),
        ("https://own.example/policy?x=1", "/policy"),
        ("/a%00b\x1f", "/ab"),
    ],
)
def test_addresses_are_kept_without_what_could_be_somebodys(given: str, kept: str) -> None:
    assert paths.page(given) == kept


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/rdap/domain/ada-lovelace.example", "/rdap/domain/…"),
        ("/help-session/" + "a" * 32 + "/" + "b" * 43 + "/do", "/help-session/…/…/do"),
        ("/forms/contact", "/forms/contact"),
    ],
)
def test_the_log_keeps_of_an_address_what_is_nobodys(path: str, kept: str) -> None:
    found = resolve(path)
    assert paths.of_route(str(found.route), found.kwargs) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://a.example/b/?c=1", "a.example/b"),
        ("https://a.example//[x", "a.example//[x"),
        ("https://a.example/%00", "a.example"),
        ("https://[x", ""),
    ],
)
def test_another_sites_page_is_kept_whatever_it_is_called(given: str, kept: str) -> None:
    assert paths.elsewhere(given) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Laptop  Repair", "laptop repair"),
        ("mail ann@mail.example now", "mail … now"),
        ("call +44 20 7946 0000", "call …"),
    ],
)
def test_search_words_are_kept_without_addresses_and_numbers(given: str, kept: str) -> None:
    assert paths.terms(given) == kept


def asked(actor: Actor, **query: str) -> Any:
    return SimpleNamespace(actor=actor, GET=query)


def test_figures_are_shown_for_their_own_purpose_and_no_other(open_site: Open) -> None:
    with open_site("comindware"):
        runs = Actor("staff", "a" * 32, purposes=frozenset({"operation"}))
        found = looking.look(asked(runs, source="log", purpose="operation"))
        assert (found.source, found.purpose.key) == ("log", "operation")
        for more in ({}, {"only": "visit"}, {"wide": True}):
            with pytest.raises(UseDenied):
                looking.look(asked(runs, source="visit", purpose="operation"), **more)
        trends = Actor("staff", "a" * 32, purposes=frozenset({"trends"}))
        assert looking.look(asked(trends), wide=True).purpose.key == "trends"
        with pytest.raises(UseDenied):
            looking.look(asked(trends, source="log", purpose="trends"), wide=True)


@pytest.mark.parametrize(
    ("company", "to"),
    [("com1", "statistics-house~statistics"), ("comintech", "traffic-analyst~operation")],
)
def test_no_figures_go_to_who_is_suspended(open_site: Open, company: str, to: str) -> None:
    with open_site(company):
        key, _, purpose = to.partition("~")
        given = {"actor": Actor.system("cli"), "purpose": purpose, "data": [looking.HISTORY]}
        assert smallest_group(**given, to=key) >= 20
        binding.suspend(actor=Actor.system("worker"), to=key, ground="breach", source="staff")
        with pytest.raises(UseDenied) as caught:
            smallest_group(**given, to=key)
        assert caught.value.attempt.reason == "suspended"


def test_a_page_is_given_also_where_its_visit_cannot_be_noted(
    open_site: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_: str) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(arriving, "note_shown", locked)
    with open_site("com1") as site:
        assert site.browser().get("/policy").status_code == 200
