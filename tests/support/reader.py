"""A reader of a site: follows links, keeps cookies, and sees what a person reads."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from http.cookiejar import CookieJar

from support.installations import Site
from support.seeded import Seed


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    url: str
    headers: Message
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def words(self) -> str:
        bare = re.sub(r"<(script|style|svg|head)\b.*?</\1>", " ", self.text, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())

    def inputs(self, name: str) -> list[str]:
        """The values of all inputs of this name."""
        tags = re.findall(rf'<input[^>]*name="{name}"[^>]*>', self.text)
        return [
            html.unescape(found[1]) for tag in tags if (found := re.search('value="([^"]*)"', tag))
        ]

    def links(self, part: str) -> list[str]:
        """The addresses of all links with `part` in them."""
        found = re.findall(r'<a [^>]*href="([^"]*)"', self.text)
        return [html.unescape(one) for one in found if part in one]

    def ticked(self) -> set[str]:
        """The switches that are on and can be turned."""
        tags = re.findall(r'<input[^>]*type="checkbox"[^>]*>', self.text)
        return {
            found[1]
            for tag in tags
            if " checked" in tag and " disabled" not in tag
            if (found := re.search('value="([^"]*)"', tag))
        }


@dataclass
class Reader:
    """One reader with a browser's cookies."""

    base: str
    cookies: CookieJar = field(default_factory=CookieJar)
    headers: dict[str, str] = field(default_factory=dict)
    """What the browser sends with each request."""

    def get(self, path: str, **headers: str) -> Page:
        return self._open(urllib.request.Request(self._url(path), headers=self.headers | headers))

    def post(self, path: str, fields: list[tuple[str, str]]) -> Page:
        body = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(self._url(path), body, self.headers))

    def send(self, page: Page, *fields: tuple[str, str]) -> Page:
        """Send the form of a page with these fields."""
        return self.post(page.url, list(fields))

    def _url(self, path: str) -> str:
        return path if path.startswith("http") else self.base + path

    def _open(self, request: urllib.request.Request) -> Page:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(request, timeout=60) as found:
                return Page(found.status, found.url, found.headers, found.read())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, request.full_url, error.headers, error.read())


@dataclass
class Chooser:
    """A person who has written to the company and holds the link to their choices."""

    site: Site
    reader: Reader
    seed: Seed
    path: str

    @property
    def ref(self) -> str:
        return self.path.rpartition("/")[2].partition("~")[0]

    def open(self) -> Page:
        return self.reader.get(self.path)

    def choose(self, page: Page, *, on: tuple[str, ...] = (), off: tuple[str, ...] = ()) -> Page:
        """Turn switches on a page that was opened, and save."""
        wanted = (page.ticked() | set(on)) - set(off)
        shown = [("shown", key) for key in page.inputs("shown")]
        version = [("version", name) for name in page.inputs("version")]
        return self.reader.send(page, *version, *shown, *(("on", key) for key in sorted(wanted)))

    def gate(self, purpose: str, data: str = "user.contact.email") -> str:
        """What the gate says: the first word of `troth why`."""
        done = self.site.run(
            *("why", "--purpose", purpose, "--data", data, "--person", self.ref), check=False
        )
        return done.stdout.partition(":")[0]
