"""A real Chromium, and axe in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    sync_playwright,
)

from troth.hub.assessing.browser import FLAGS, WCAG, axe_source, chromium, libraries

SCREEN: Final = (
    "--use-fake-ui-for-media-stream",  # whoever asks for a screen gets one,
    "--use-fake-device-for-media-stream",  # which is made up, and moves
    "--disable-features=WebRtcHideLocalIpsWithMdns",  # nothing here answers for such names
)
"""There is no screen to share where tests run."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the worker."""
    # Playwright keeps an event loop in this thread, which Django would take for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LD_LIBRARY_PATH", libraries())
        playwright = sync_playwright().start()
    started = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *SCREEN])
    yield started
    started.close()
    playwright.stop()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page for one more visitor, with options of a Playwright context.

    At the end the test fails if a page raised an error, broke its content security policy or asked
    for anything outside this machine.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def said(message: ConsoleMessage) -> None:
        # A refused request is often what a test is about; what it means is for the test to say.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.on("console", said)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("request", lambda request: complaints.extend(_foreign(request.url)))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


def _foreign(url: str) -> list[str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    ours = host in {"127.0.0.1", "::1", "localhost"} or host.endswith(".localhost")
    return [] if ours or parts.scheme in {"data", "blob", "about"} else [f"asked for {url}"]


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page of a new visitor."""
    return new_page()


AXE = axe_source()


PHONE: ViewportSize = {"width": 360, "height": 780}
DESK: ViewportSize = {"width": 1280, "height": 900}
SETTLE = """async () => {
    const frame = () => new Promise(done => requestAnimationFrame(done));
    await frame(); await frame();  // the new colours begin to come in
    document.getAnimations().forEach(one => one instanceof CSSTransition && one.finish());
    await frame();
}"""
RUN = "only => axe.run(document, {runOnly: only, resultTypes: ['violations'], elementRef: false})"


def axe(page: Page, *rules: str) -> list[str]:
    """List what WCAG 2.2 AA has against the page as it stands now, one line a place.

    With `rules` only those of axe's are looked at.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": [*WCAG]}
    found = page.evaluate(RUN, only)
    return [
        f"{violation['id']} ({violation['impact']}) at {node['target']}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def for_everybody(page: Page) -> list[str]:
    """What is wrong with a page on a phone in light, and on a desk in dark; one line each.

    All of axe on the phone; on the desk the colours, which are all that changes with the dark. On
    both, whether it scrolls sideways.
    """
    found = []
    for size, scheme, rules in ((PHONE, "light", ()), (DESK, "dark", ("color-contrast",))):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(SETTLE)
        found += [f"{scheme}, {size['width']}: {line}" for line in axe(page, *rules)]
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(f"{scheme}, {size['width']}: it scrolls sideways")
    return found
