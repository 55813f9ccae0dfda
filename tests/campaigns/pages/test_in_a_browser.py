"""The pages in a real browser: keys, live preview, dark, phone, without script, axe everywhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campaigns.pages.letters import BODY, SYSTEM, begun, sent, written
from console.cast import Company
from support.browser import axe, for_everybody
from troth.channels.campaigns import layout_keeping as keeping, previewing
from troth.channels.campaigns.models import Campaign
from troth.core import clock

pytestmark = pytest.mark.xdist_group("campaigns-pages")
PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True}


def test_writing_shows_the_letter_as_it_grows(comm100: Company, visit: Callable[..., Page]) -> None:
    page = visit(comm100.owner, "/console/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/console/campaigns/")
    page.keyboard.press("n")
    page.wait_for_url("**/campaigns/new")
    page.get_by_label("Name (required)").fill("Spring")
    page.get_by_role("radio", name="News about new features").check()
    page.get_by_label("Subject (required)").fill("News")
    page.locator("#id_body").fill("Dear ")
    page.get_by_role("button", name="Your name").click()
    expect(page.locator("#id_body")).to_have_value("Dear {{ name }}")
    letter = page.frame_locator("#preview iframe")
    expect(letter.get_by_text("Dear [name]")).to_be_visible()
    assert letter.locator("body").evaluate("e => getComputedStyle(e).fontSize") == "16px"
    page.get_by_label("Phone", exact=True).check()
    width = page.locator("#preview iframe").evaluate("e => e.offsetWidth")
    assert 300 < width <= 360
    page.get_by_role("radio", name="Text part").check()
    expect(page.locator("#preview pre")).to_contain_text("Dear [name]")
    page.locator("#id_body").fill("Dear {{ message }}")
    expect(page.get_by_role("alert")).to_contain_text("may not stand in this campaign")
    assert not axe(page)
    page.locator("#id_body").fill("Dear {{ name }}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Spring", exact=True)).to_be_visible()
    page.get_by_role("link", name="Who gets it").click()
    expect(page.locator("#main .figure")).to_contain_text("3 of 8 people get it")
    page.reload()  # from here on the page's policy is that of this tab
    page.get_by_role("link", name="Letter").click()
    expect(letter.get_by_text("Dear [name]")).to_be_visible()
    assert letter.locator("body").evaluate("e => getComputedStyle(e).fontSize") == "16px"


def test_every_page_is_for_everybody_also_on_a_phone(
    comindware: Company, visit: Callable[..., Page]
) -> None:
    draft, waiting, done = written(name="One"), written(name="Two"), sent(name="Three")
    Campaign.objects.filter(pk=waiting.pk).update(state="waiting", scheduled_for=clock.now())
    one = done.copies.order_by("id").first()
    assert one is not None
    done.copies.filter(pk=one.pk).update(state="bounced", code="550 5.1.1", words="No such user")
    under_way = begun(name="Four", in_archive=True)
    own = keeping.keep(actor=SYSTEM, name="House", html=previewing.EXAMPLE)
    places = [
        *("notices/new", "templates", "templates/new", f"templates/{own.ref}"),
        *("", "new", "waiting", f"waiting/{waiting.ref}", "settings", "lists", draft.ref),
        *(f"{draft.ref}/{part}" for part in ("edit", "audience", "send")),
        *(f"{done.ref}/{part}" for part in ("report", "failures")),
        f"{under_way.ref}/report",
    ]
    paths = [f"/console/campaigns/{place}" for place in places]
    paths.append(f"/console/people/{comindware.customers[0].person.root.ref}/mail")
    paths += ["/news/", f"/news/{under_way.ref}"]
    page = visit(comindware.owner, "/console/", **PHONE)
    for path in paths:
        page.goto(path)
        assert not for_everybody(page), path


def test_progress_follows_by_itself(comm100: Company, visit: Callable[..., Page]) -> None:
    campaign = begun()
    page = visit(comm100.owner, f"/console/campaigns/{campaign.ref}/report")
    expect(page.locator("#report")).to_contain_text("0 of 3 copies")
    campaign.copies.update(state="accepted", settled_at=clock.now())
    expect(page.locator("#report")).to_contain_text("3 of 3 copies were accepted")
    Campaign.objects.filter(pk=campaign.pk).update(state="done", finished_at=clock.now())
    expect(page.locator("#main .tabs")).to_contain_text("How it went")


def test_without_script_a_campaign_is_written_seen_and_handed_in(
    comm100: Company, visit: Callable[..., Page]
) -> None:
    page = visit(comm100.owner, "/console/campaigns/new", java_script_enabled=False)
    page.get_by_label("Name (required)").fill("Spring")
    page.get_by_role("radio", name="News about new features").check()
    page.get_by_label("Subject (required)").fill("News")
    page.locator("#id_body").fill(BODY)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("#preview iframe")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Send…").click()
    page.wait_for_url("**/send")
    page.get_by_role("button", name="Send to 3 people").click()
    expect(page.locator("#main")).to_contain_text("It leaves by itself")
