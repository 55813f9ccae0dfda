"""Visitors who send the contact form, several at once, over connections that stay open."""

from __future__ import annotations

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode, urlsplit

VISITORS: Final = 4
HIDDEN: Final = re.compile(r'name="(nonce|csrfmiddlewaretoken)"\s+value="([^"]+)"')


@dataclass
class Form:
    """The form of a site, with the mark of its page and the cookie that goes with it."""

    url: str
    path: str
    mark: dict[str, str] = field(default_factory=dict)
    cookie: str = ""

    def fetch(self) -> None:
        """Get the page once, as a browser does before it sends."""
        connection = self._connection()
        connection.request("GET", self.path)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        self.mark = dict(HIDDEN.findall(text))
        self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        assert self.mark, f"the page has no mark: {answer.status} {text[:300]}"

    def send(self, numbers: range) -> None:
        """Send one form for each number, from several visitors at once; each must be taken."""
        parts = [numbers[start::VISITORS] for start in range(VISITORS)]
        with ThreadPoolExecutor(VISITORS) as pool:
            list(pool.map(self._visitor, parts))

    def _visitor(self, numbers: range) -> None:
        connection = self._connection()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        headers |= {"Cookie": self.cookie} if self.cookie else {}
        for number in numbers:
            connection.request("POST", self.path, urlencode(self._body(number)), headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status in (302, 303), f"{answer.status} {text[:2000]!r}"
        connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)

    def _body(self, number: int) -> dict[str, str]:
        return self.mark | {
            "name": f"Person Number {number}",
            "email": f"person.{number}@customers.example",
            "website": f"https://www{number}.customers.example/",
            "message": f"Please call me about order {number}: the second box has not come. " * 3,
        }
