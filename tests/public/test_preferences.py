"""The preference centre: who may open it, and that a choice holds at once."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page as BrowserPage, expect

from support.browser import axe
from support.installations import Site
from support.mail import Mailbox
from support.reader import Chooser, Page, Reader
from support.seeded import Seed


def version(page: Page) -> list[tuple[str, str]]:
    """The version of the policy that a page was made under, as its form sends it."""
    return [("version", name) for name in page.inputs("version")]


def still(page: Page) -> str:
    """A page without what differs from one opening to the next."""
    return re.sub(r'nonce="[^"]*"', "", page.text)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    chooser: Chooser, choosing_site: Site, post: Mailbox
) -> None:
    stranger = Seed.new().email
    known, unknown = (
        reader.send(reader.get("/preferences/"), ("email", address))
        for reader, address in (
            (Reader(choosing_site.url), chooser.seed.email),
            (Reader(choosing_site.url), stranger),
        )
    )
    assert (known.status, known.url, still(known)) == (unknown.status, unknown.url, still(unknown))
    assert "If we know this address" in unknown.words
    assert not any(stranger in received.recipients for received in post.received)


def test_nobody_is_flooded_with_links(site: Site) -> None:
    stranger, reader = Seed.new().email, Reader(site.url)
    answers = [reader.post("/preferences/", [("email", stranger)]) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert "Try again" in answers[3].words


def test_other_spellings_of_one_address_are_counted_as_one(site: Site) -> None:
    name, reader = Seed.new().email.partition("@")[0], Reader(site.url)
    spelt = [f"{name}@{host}" for host in ("x.example", "X.example", "\uff58.example", "x.Example")]
    answers = [reader.post("/preferences/", [("email", one)]) for one in spelt]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]


def test_the_time_of_the_answer_does_not_tell_whether_an_address_is_known(
    chooser: Chooser, choosing_site: Site
) -> None:
    for address in (chooser.seed.email, Seed.new().email):
        began = time.monotonic()
        Reader(choosing_site.url).post("/preferences/", [("email", address)])
        assert time.monotonic() - began >= 0.3


def test_every_link_that_does_not_work_looks_the_same(chooser: Chooser) -> None:
    token = chooser.path.rpartition("/")[2]
    ref, when, mac = token.split("~")
    bad = [
        "x",
        token[:-1],
        f"{ref}~{when}~{'A' * len(mac)}",
        f"{'0' * 32}~{when}~{mac}",
        f"{ref}~zzzzzz~{mac}",
        "a" * 4000,
    ]
    pages = [Reader(chooser.site.url).get(f"/preferences/{one}") for one in bad]
    assert {page.status for page in pages} == {404}
    assert len({still(page) for page in pages}) == 1
    assert chooser.open().status == 200


def test_the_page_is_for_nobody_else(chooser: Chooser) -> None:
    headers = chooser.open().headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "no-store" in headers["Cache-Control"]
    assert headers.get_all("Set-Cookie") is None
    page = chooser.open()
    assert all(value not in page.text for value in chooser.seed.values())


def test_a_withdrawal_holds_at_once_and_can_be_proven(chooser: Chooser, tmp_path: Path) -> None:
    assert chooser.gate("newsletter") == "permitted"
    saved = chooser.choose(chooser.open(), off=("newsletter",))
    assert "Saved. It holds from now on." in saved.words
    assert "You said no to “News about new features”" in saved.words
    assert chooser.gate("newsletter") == "denied"
    receipt = re.search(r'href="(/preferences/[^"]+/receipts/[^"]+)"', saved.text)
    assert receipt
    found = chooser.reader.get(receipt[1])
    assert found.headers["Content-Type"] == "application/ld+json"
    assert "attachment" in found.headers["Content-Disposition"]
    record = json.loads(found.content)["dpv:hasRecordOfActivity"]
    assert record["dpv:hasProcess"]["dpv:hasPurpose"][0]["dct:identifier"] == "newsletter"
    assert record["dpv:hasNotice"]["schema:url"].startswith("http")
    (tmp_path / "receipt.jsonld").write_bytes(found.content)
    key = chooser.site.run("ledger", "key").stdout.strip()
    done = chooser.site.run("choices", "receipt", tmp_path / "receipt.jsonld", "--key", key)
    assert "said no" in done.stdout
    again = chooser.choose(chooser.open(), on=("newsletter",))
    assert "Saved" in again.words
    assert chooser.gate("newsletter") == "permitted"


def test_saving_twice_does_no_harm(chooser: Chooser) -> None:
    page = chooser.open()
    chooser.choose(page, off=("newsletter",))
    second = chooser.choose(page, off=("newsletter",))
    assert "Nothing was changed" in second.words
    assert second.words.count("You said no to") == 1


def test_an_old_page_does_not_undo_what_was_chosen_since(chooser: Chooser) -> None:
    old = chooser.open()
    chooser.choose(chooser.open(), off=("newsletter",))
    chooser.choose(old, off=("offers",))
    assert chooser.gate("newsletter") == "denied"
    assert chooser.gate("offers") == "denied"


def test_no_solicitation_stands_above_the_switches(chooser: Chooser) -> None:
    muted = chooser.choose(chooser.open(), on=("*",))
    assert "You asked for no solicitation" in muted.words
    assert chooser.gate("newsletter") == chooser.gate("offers") == "denied"
    assert "newsletter" not in muted.ticked()
    lifted = chooser.choose(chooser.open(), off=("*",))
    assert {"newsletter", "offers"} <= lifted.ticked()
    assert chooser.gate("newsletter") == "permitted"


@pytest.mark.parametrize("value", ["account", "no-such-purpose", "newsletter'; --", "<b>"])
def test_what_has_no_switch_cannot_be_turned_by_hand(chooser: Chooser, value: str) -> None:
    page = chooser.open()
    answer = chooser.reader.send(page, *version(page), ("shown", value))
    assert answer.status == 200
    assert "Nothing was changed" in answer.words


def test_a_receipt_of_somebody_else_is_not_given_out(chooser: Chooser) -> None:
    page = chooser.reader.get(
        f"{chooser.path}/receipts/00000000-0000-0000-0000-000000000001.jsonld"
    )
    assert page.status == 404


def test_one_channel_is_turned_off_and_the_purpose_stays_on(chooser: Chooser) -> None:
    page = chooser.open()
    assert {"offers", "offers:email", "offers:phone"} <= page.ticked()
    saved = chooser.choose(page, off=("offers:email",))
    assert "You said no to “Offers and events, ours and our partners'”, by e-mail" in saved.words
    assert {"offers", "offers:phone"} <= saved.ticked()
    assert chooser.gate("offers") == "denied"
    assert chooser.gate("newsletter") == "permitted"
    chooser.choose(chooser.open(), on=("offers:email",))
    assert chooser.gate("offers") == "permitted"


def test_no_solicitation_by_one_channel_leaves_the_others(chooser: Chooser) -> None:
    saved = chooser.choose(chooser.open(), on=("*:email",))
    assert "by e-mail" in saved.words
    assert chooser.gate("newsletter") == chooser.gate("offers") == "denied"
    assert "offers:phone" in saved.ticked(), "calls were not meant"
    assert "offers:email" not in saved.ticked()
    chooser.choose(chooser.open(), off=("*:email",))
    assert chooser.gate("newsletter") == "permitted"


def test_data_may_be_kept_from_one_recipient(chooser: Chooser) -> None:
    page = chooser.open()
    assert "contests:to.prize-giver" not in page.ticked(), "the clause asks for a yes"
    saved = chooser.choose(page, on=("contests:to.prize-giver",))
    assert "contests:to.prize-giver" in saved.ticked()
    assert (
        "contests:to.prize-giver"
        not in chooser.choose(saved, off=("contests:to.prize-giver",)).ticked()
    )


def test_each_purpose_has_one_chip_and_says_what_it_rests_on(chooser: Chooser) -> None:
    page = chooser.open().text.partition('id="switches-title"')[2].partition("save-bar")[0]
    rows = page.split('class="switch-purpose"')[1:]
    assert rows
    for row in rows:
        own, *manners = row.split('class="manner"')
        assert own.count('class="chip"') == 1, own
        assert all(manner.count('class="chip"') <= 1 for manner in manners)


def test_the_words_that_were_shown_stand_in_the_history(chooser: Chooser) -> None:
    saved = chooser.choose(chooser.open(), off=("newsletter",))
    history = saved.text.partition('id="history-title"')[2]
    assert "The words you saw" in history
    assert "News about new features" in history


def test_what_was_sent_is_explained_here(chooser: Chooser) -> None:
    assert "Why did I get this?" in chooser.open().words


def test_choosing_in_a_browser(chooser: Chooser, new_page: Callable[..., BrowserPage]) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto(chooser.site.url + chooser.path)
    assert not axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("switch", name="News about new features").uncheck()
    page.get_by_role("button", name="Save my choices").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    expect(page.get_by_role("switch", name="News about new features")).not_to_be_checked()
    assert not axe(page)
    assert chooser.gate("newsletter") == "denied"


def steps(page: BrowserPage, switch: str, *, on: bool) -> int:
    """Turn a switch on the page that is open and save; how many times a person had to act."""
    acts, pages = 0, 0

    def seen(_: object) -> None:
        nonlocal pages
        pages += 1

    page.on("load", seen)
    found = page.get_by_role("switch", name=switch, exact=True)
    for act in (lambda: found.set_checked(on), page.get_by_role("button", name="Save").click):
        act()
        acts += 1
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    page.remove_listener("load", seen)
    return acts + pages


def test_to_withdraw_takes_as_many_steps_as_to_give(
    chooser: Chooser, new_page: Callable[..., BrowserPage]
) -> None:
    page = new_page()
    page.goto(chooser.site.url + chooser.path)
    switch = "Counting visits to make our pages better"
    given = steps(page, switch, on=True)
    assert steps(page, switch, on=False) == given == 3, "one switch, one button, one page"
