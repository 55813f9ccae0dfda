"""A walk through the public pages with a real browser, from the home page along their links.

It sees what a new visitor sees who decides nothing: no page behind a log-in, and nothing that only
a click brings about. What can be typed into it fills in with marked values, up to the point of
sending: no form is sent, so nothing is left on the site that would have to be removed. Only at the
end it accepts all cookies, where the site asks about them, and looks at a few pages once more for
what they set then.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from troth.core.assess.seen import Seen, SeenCookie, SeenField, SeenPage, SeenRequest
from troth.core.errors import Missing
from troth.hub.assessing.browser import WCAG, axe_source, browser
from troth.hub.assessing.looking import AXE, FILL, LOOK

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Request

    from troth.hub.assessing.serving import Site

SECONDS: Final = 180.0
PATIENCE: Final = 20_000  # milliseconds for one page
_YES: Final = "[data-cookie-form] button[value=all]"
_AGAIN: Final = 3
"""So many pages are looked at once more after all cookies were accepted."""
SETTLES: Final = 100  # milliseconds after something was typed
_OURS: Final = {"data", "blob", "about"}
_POLICY: Final = re.compile(r"privacy|policy", re.IGNORECASE)
_FILES: Final = re.compile(r"\.(?!html?$)[a-z0-9]{1,8}$", re.IGNORECASE)


class HomeMissing(Missing):
    """The home page of the site cannot be read."""


def crawl(site: Site, *, pages: int = 40, seconds: float = SECONDS) -> Seen:
    """What the site shows. Raises `BrowserMissing` or `HomeMissing`."""
    source = axe_source()
    with browser(*site.flags) as chromium:
        context = chromium.new_context(extra_http_headers=dict(site.headers))
        try:
            return _Walk(context, site, source).go(pages, seconds)
        finally:
            context.close()


class _Walk:
    def __init__(self, context: BrowserContext, site: Site, axe: str) -> None:
        self.context, self.site, self.axe = context, site, axe
        self.host = urlsplit(site.url).hostname or ""
        self.at, self.chosen = "/", False
        self.pages: dict[str, SeenPage] = {}
        self.cookies: dict[str, SeenCookie] = {}
        self.requests: dict[str, SeenRequest] = {}
        self.fields: dict[tuple[str, str], SeenField] = {}
        self.typed: dict[str, SeenRequest] = {}
        self.mark, self.filled = f"typed{secrets.token_hex(8)}", 0
        self.engine = self.language = self.policy = self.words = ""
        context.set_default_timeout(PATIENCE)
        context.on("request", self._asked)

    def go(self, pages: int, seconds: float) -> Seen:
        began, page = time.monotonic(), self.context.new_page()
        page.on("websocket", lambda socket: self._foreign(socket.url, "websocket"))
        waiting, met = ["/"], {"/"}
        while waiting and len(self.pages) < pages and time.monotonic() - began < seconds:
            for path in self._visit(page, waiting.pop(0)):
                if path not in met:
                    met.add(path)
                    waiting.append(path)
        self._accept(page)
        if not self.pages:
            raise HomeMissing(
                f"The home page at {self.site.url} cannot be read.", do="Open it in a browser."
            )
        return Seen(
            url=self.site.url,
            whole=not waiting,
            seconds=round(time.monotonic() - began, 1),
            engine=self.engine,
            language=self.language,
            policy=self.policy,
            words=self.words,
            pages=tuple(self.pages.values()),
            cookies=tuple(self.cookies.values()),
            requests=tuple(self.requests.values()),
            fields=tuple(self.fields.values()),
            filled=self.filled,
            typed=tuple(self.typed.values()),
        )

    def _accept(self, page: Page) -> None:
        """Say yes to all cookies, and see which come of it."""
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        try:
            page.goto(self.site.url, wait_until="load")
            yes = page.locator(_YES)
            if not yes.count():
                return
            self.chosen = True
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                yes.first.click()
            for path in list(self.pages)[:_AGAIN]:
                self.at = path
                page.goto(self.site.url + path, wait_until="networkidle")
                self._cookies()
        except Error:  # what was seen so far stands
            return

    def _visit(self, page: Page, path: str) -> list[str]:
        """Look at a page; returns the paths it links to."""
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        self.at = path
        try:
            answer = page.goto(self.site.url + path, wait_until="load")
            kind = answer.header_value("content-type") if answer else None
            found: dict[str, Any] = page.evaluate(LOOK)
        except Error:  # a download, or a page that does not come
            return []
        there = urlsplit(page.url)
        self.at = there.path
        self._cookies()
        own = there.hostname == self.host and "html" in (kind or "")
        if not own or not answer or not answer.ok or there.path in self.pages:
            return []
        self._keep(there.path, found, page)
        return _paths(found["links"], self.host)

    def _keep(self, path: str, found: dict[str, Any], page: Page) -> None:
        to_policy = [link for link in found["links"] if _leads(link)]
        page.evaluate(self.axe)
        against: dict[str, Any] = page.evaluate(AXE, list(WCAG))
        self.engine = f"axe {against['version']}"
        leads = bool(to_policy) or _POLICY.search(path) is not None
        self.pages[path] = SeenPage(path, found["title"], leads, tuple(against["lines"]))
        for reference in found["foreign"]:
            self._foreign(reference["url"], reference["kind"])
        for one in found["controls"]:
            key = path, one["name"] or one["label"]
            self.fields.setdefault(key, SeenField(path, **one))
        self._type(path, found, page)
        if not self.policy and to_policy:
            self.policy = urlsplit(to_policy[0]["url"]).path
        if path == self.policy:
            self.words, self.language = found["words"], found["language"]

    def _type(self, path: str, found: dict[str, Any], page: Page) -> None:
        """Fill in the page, and look at what that brings: fields, and where it goes."""
        from playwright.sync_api import Error  # noqa: PLC0415 - an extra

        if not found["controls"]:
            return
        try:
            self.filled += page.evaluate(FILL, self.mark)
            page.wait_for_timeout(SETTLES)
            after: dict[str, Any] = page.evaluate(LOOK)
        except Error:  # the page went somewhere else by itself
            return
        for one in after["controls"]:
            key = path, one["name"] or one["label"]
            self.fields.setdefault(key, SeenField(path, **one))
        for reference in after["foreign"]:
            self._foreign(reference["url"], reference["kind"])

    def _cookies(self) -> None:
        for one in self.context.cookies():
            name, ends = one.get("name", ""), one.get("expires", -1)
            lasts = None if ends < 0 else round(ends - time.time())
            seen = SeenCookie(name, one.get("domain", ""), self.at, lasts, self.chosen)
            self.cookies.setdefault(name, seen)

    def _asked(self, request: Request) -> None:
        self._foreign(request.url, request.resource_type)
        sent = request.url + (request.post_data_buffer or b"").decode("utf-8", "replace")
        if self.mark in sent:
            host = urlsplit(request.url).hostname or ""
            self.typed.setdefault(host, SeenRequest(host, request.resource_type, self.at))

    def _foreign(self, url: str, kind: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in _OURS and host != self.host:
            self.requests.setdefault(host, SeenRequest(host, kind, self.at))


def _leads(link: dict[str, Any]) -> bool:
    named = _POLICY.search(urlsplit(link["url"]).path) is not None
    return bool(link["seen"]) and (named or "privacy-policy" in link["rel"])


def _paths(links: Iterable[dict[str, Any]], host: str) -> list[str]:
    """The pages among the links, without what follows a question mark."""
    found = (urlsplit(link["url"]) for link in links)
    ours = (one.path for one in found if one.hostname == host and one.scheme.startswith("http"))
    return [path for path in dict.fromkeys(ours) if not _FILES.search(path)]
