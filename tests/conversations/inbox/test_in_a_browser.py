"""The inbox in a real browser: the keyboard alone, live news, two at once, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from conversations.inbox.operators import HERE, fresh
from conversations.widget.conftest import Served, served_company  # noqa: F401 - a fixture
from support.browser import for_everybody
from troth.channels.conversations import actions
from troth.channels.conversations.mailing import incoming
from troth.channels.conversations.mailing.rating import KIND
from troth.channels.conversations.models import (
    CannedReply,
    Conversation,
    Held,
    Queue,
    Tag,
)
from troth.core.actors import Actor
from troth.kit.links import sign

Opens = Callable[..., Page]


@pytest.fixture
def at(served_company: Served, new_page: Callable[..., Page]) -> Opens:  # noqa: F811
    """Open a page of the console as a member of the staff."""

    def open_page(name: str, path: str = "", **options: object) -> Page:
        page = new_page(**options)
        host = served_company.company.organisation.host
        for cookie in served_company.company.browser(name).cookies.values():
            kept = {"name": cookie.key, "value": cookie.value, "domain": host, "path": "/"}
            page.context.add_cookies([kept])  # type: ignore[list-item]
        page.goto(f"{served_company.url}{HERE}{path}")
        return page

    return open_page


def ready(page: Page) -> None:
    """Until the live process has let the page in."""
    expect(page.locator("html[data-live=on]")).to_be_attached()


def test_the_keyboard_alone_answers(served_company: Served, at: Opens) -> None:  # noqa: F811
    company = served_company.company
    CannedReply.objects.create(short="hello", text="Hello, how may I help?")
    found, _ = company.mail(subject="Toner", text="It leaks everywhere.")
    page = at("ann")
    page.keyboard.press("2")
    page.wait_for_url("**?view=free")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#talk")).to_contain_text("What was said is sealed")
    page.keyboard.press("a")
    expect(page.locator("#thread")).to_contain_text("It leaks everywhere.")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("Solve it", "Write an answer", "Hand it over", "Send what is written"):
        expect(keys).to_contain_text(words)
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type("/he")
    expect(page.get_by_role("option", name="/hello")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#text")).to_have_value("Hello, how may I help?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .said-staff")).to_contain_text("Hello, how may I help?")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator("#talk-head")).to_contain_text("solved")
    assert fresh(found).state == "solved"


def test_news_comes_and_what_is_typed_stays(served_company: Served, at: Opens) -> None:  # noqa: F811
    company = served_company.company
    chat, _ = company.chat()
    actions.take(chat, actor=company.actor("ann"))
    page = at("ann", chat.ref)
    ready(page)
    page.locator("#text").fill("Half an answer")
    actions.write(
        chat, actor=Actor.visitor(), side="person", text="One more thing", client_id=uuid4()
    )
    expect(page.locator("#thread")).to_contain_text("One more thing")
    expect(page.locator("#text")).to_have_value("Half an answer")
    page.reload()
    expect(page.locator("#text")).to_have_value("Half an answer")
    ready(page)
    other = at("ben", chat.ref)
    expect(page.locator("#others")).to_contain_text("looks at it too")
    expect(other.locator("#others")).to_contain_text("looks at it too")
    assert "One more thing" not in other.content()
    page.evaluate("document.querySelectorAll('[name=revision]').forEach(one => one.value = 1)")
    page.keyboard.press("Escape")
    page.locator("#talk-head button[value='state:solved']").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else changed this conversation")
    expect(page.locator("#text")).to_have_value("Half an answer")
    page.locator("[data-send]").click()
    expect(page.locator("#thread")).to_contain_text("Half an answer")
    page.reload()
    expect(page.locator("#text")).to_have_value("")


def test_a_card_number_does_not_leave_the_browser(
    served_company: Served,  # noqa: F811
    at: Opens,
) -> None:
    company = served_company.company
    chat, _ = company.chat()
    actions.take(chat, actor=company.actor("ann"))
    page = at("ann", chat.ref)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data_buffer.decode("latin-1"))
            if one.post_data_buffer else None)  # fmt: skip
    page.locator("#text").fill("Is it 4111 1111 1111 1111?")
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "Is it" in kept
    assert "4111" not in kept
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .said-staff")).to_contain_text("Is it ••••")
    assert any("Is it" in one for one in sent)
    assert not any("4111 1111" in one for one in sent)
    expect(page.locator(".composer")).to_contain_text("Blotted out before it was sent")


def test_a_secure_form_fills_while_it_is_looked_at(
    served_company: Served,  # noqa: F811
    at: Opens,
) -> None:
    company = served_company.company
    chat, _ = company.chat()
    ann = company.actor("ann")
    actions.take(chat, actor=ann)
    form = actions.ask_securely(fresh(chat), actor=ann, asks=["Order number"])
    page = at("ann", chat.ref)
    ready(page)
    page.locator("#text").fill("I look it up")
    actions.answer_securely(form, actor=Actor.visitor(), answers={"Order number": "ZX-81"})
    expect(page.get_by_label("Secure form")).to_contain_text("ZX-81")
    expect(page.locator("#text")).to_have_value("I look it up")
    actions.close(fresh(chat), actor=Actor.visitor())
    expect(page.get_by_label("Secure form")).not_to_contain_text("ZX-81")


def test_all_works_without_javascript(served_company: Served, at: Opens) -> None:  # noqa: F811
    found, _ = served_company.company.mail(text="It prints nothing.")
    page = at("ann", found.ref, java_script_enabled=False)
    page.get_by_role("button", name="Take").click()
    page.locator("#text").fill("Is it plugged in?")
    page.get_by_role("button", name="Send").click()
    page.get_by_label("Note").check()
    page.locator("#text").fill("She has the old model")
    page.get_by_role("button", name="Send").click()
    assert "Is it plugged in?" in page.locator(".said-staff").inner_text()
    assert "She has the old model" in page.locator(".said-note").inner_text()
    page.locator("#s-priority").select_option("4")
    page.get_by_label("Change the priority").click()
    assert fresh(found).priority == Conversation.Priority.URGENT


def everything(served: Served) -> list[tuple[str, str]]:
    """Pages with something on each of them, and who opens them."""
    company = served.company
    mine, _ = company.mail(text="My card is 4111 1111 1111 1111.\n\n> quoted\n> text\n")
    chat, _ = company.chat()
    sealed, _ = company.mail("jon@example.com")
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "eve@example.org", f"Re: [#{mine.number}]"
    mail["To"], mail["Message-ID"] = "support@comm100.example", f"<{uuid4()}@mailer.example>"
    mail.set_content("Tell me all")
    incoming.deal(incoming.again(mail.as_bytes()))
    ann = company.actor("ann")
    for one in (mine, chat):
        actions.take(one, actor=ann)
    actions.note(mine, actor=ann, text="A note")
    actions.write(mine, actor=ann, side="staff", text="An answer", client_id=uuid4())
    actions.tag(fresh(mine), actor=ann, name="printer", revision=None)
    actions.link(fresh(mine), actor=ann, other=sealed)
    actions.ask_securely(fresh(chat), actor=ann, asks=["Order number"])
    held = Held.objects.get(conversation=mine)
    pages = ("?view=active", mine.ref, f"{sealed.ref}/grant", chat.ref, f"{mine.ref}/merge")
    asked = (f"{chat.ref}/secure", f"{mine.ref}/held/{held.pk}")
    queue, tag = Queue.objects.get(), Tag.objects.get(name="printer")
    assert tag.taggings.count() == 1
    settings = (
        *("settings", "settings/queues", f"settings/queues/{queue.ref}"),
        *("settings/tags", "quarantine", "grants", f"{mine.ref}/grant", "new/letter"),
    )
    return [("ann", path) for path in (*pages, *asked)] + [("owner", path) for path in settings]


def test_every_page_is_for_everybody(served_company: Served, at: Opens) -> None:  # noqa: F811
    pages: dict[str, Page] = {}
    for name, path in everything(served_company):
        page = pages.get(name) or at(name, has_touch=True)
        pages[name] = page
        page.goto(f"{served_company.url}{HERE}{path}")
        assert not for_everybody(page), path
    # The one page that mail leads its reader to, without a log-in.
    ref = Conversation.objects.filter(way="mail").values_list("ref", flat=True)[0]
    page.goto(f"{served_company.url}{reverse('conversations:rate', args=[sign(KIND, ref)])}")
    assert not for_everybody(page)
    page.get_by_label("Well", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("You said: 4 of 5, well.")


HEARD = """() => {
    window.heard = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...given) {
        window.heard.push(this.frequency.value);
        return start.apply(this, given);
    };
    const Real = window.Notification;
    window.Notification = class extends Real {
        constructor(words, options) {
            super(words, options);
            window.told = [words, options.body ?? ""];
            this.addEventListener("show", () => { window.shown = true; });
        }
    };
}"""


def test_whoever_asked_hears_and_sees_that_something_came(
    served_company: Served,  # noqa: F811
    at: Opens,
) -> None:
    """The browser's own sound and notice, watched where the page asks for them."""
    company = served_company.company
    page = at("ann", permissions=["notifications"])
    page.evaluate(HEARD)
    ready(page)
    for words in ("Sound for new messages", "Notices on the desktop"):
        page.locator("summary[data-key=n]").click()
        button = page.locator("[data-notices]").filter(has_text=words)
        expect(button).to_have_attribute("aria-pressed", "false")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    tried = len(page.evaluate("window.heard"))
    assert tried == 2, "the sound is played once, to know it by"
    page.context.new_cdp_session(page).send(
        "Emulation.setFocusEmulationEnabled", {"enabled": False}
    )
    page.context.new_page().bring_to_front()
    company.chat("Is anybody there?")
    page.wait_for_function("window.told && window.heard.length > 2", polling=50)
    assert page.evaluate("window.heard") == pytest.approx([587.33, 880] * 2, rel=1e-3)
    words, body = page.evaluate("window.told")
    assert (words, body) == ("A new message in the inbox", ""), "that there is one, never what"
    page.wait_for_function("window.shown", polling=50)
