"""A visitor without a browser: fetches a form, fills it in, posts it by hand."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from support.installations import Site


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    text: str

    @property
    def words(self) -> str:
        """The text a person reads."""
        bare = re.sub(r"<(script|style|svg).*?</\1>", " ", self.text, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())

    def field(self, name: str) -> str:
        """The value of an input, as a browser would send it."""
        found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', self.text)
        assert found, f"no input {name}"
        return html.unescape(found[1])


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass
class Visitor:
    """One visitor of a site."""

    site: Site
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._send(urllib.request.Request(self.site.url + path, headers=self.headers))

    def post(self, path: str, data: dict[str, str] | bytes, content_type: str = "") -> Answer:
        body = data if isinstance(data, bytes) else urllib.parse.urlencode(data).encode()
        headers = self.headers | ({"Content-Type": content_type} if content_type else {})
        return self._send(urllib.request.Request(self.site.url + path, body, headers))

    def send(self, form: str, **values: str) -> Answer:
        """Open a form and send it with these values."""
        path = f"/forms/{form}"
        nonce = self.get(path).field("nonce")
        return self.post(
            path, {"nonce": nonce, **{k.replace("_", "-"): v for k, v in values.items()}}
        )

    @staticmethod
    def _send(request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(_Stay)
        try:
            with opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read().decode())
