"""Requests to one host and no other: no redirect, no proxy, bounded in time, size and tries."""

from __future__ import annotations

import http.client
import json
import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

from troth.core.connect.over_http.description import Service
from troth.core.rights.sources import SourceInvalid, SourceMissing

LARGEST: Final = 10 * 1024 * 1024
AGAIN: Final = frozenset({429, 502, 503, 504})
PAUSE: Final = 0.2
LONGEST: Final = 5.0
"""Seconds before the second try, doubled each time, and the most it becomes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: Any = field(repr=False, default=None)


@dataclass
class Transport:
    """One service. `secret` is asked for when it is needed and kept nowhere."""

    label: str
    address: str
    service: Service
    secret: Any = field(repr=False)
    also: Mapping[str, str] = field(default_factory=dict)
    """Headers that go with each request."""
    ready: Callable[[], None] | None = None
    """Called before each try; what it raises keeps anything from being sent."""

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """Send it, again if the other side was not ready. Raises `SourceMissing`."""
        for number in range(self.service.tries):
            if number:
                pause = min(PAUSE * 2**number, LONGEST)
                time.sleep(pause * (0.5 + random.random() / 2))  # noqa: S311 - not a secret
            if self.ready is not None:
                self.ready()
            try:
                answer = self._once(method, path, body)
            except (OSError, http.client.HTTPException):
                continue
            if answer.status not in AGAIN:
                return answer
        raise SourceMissing(
            f"{self.label}: the source cannot be reached.",
            why=f"It did not answer, or was not ready, {self.service.tries} times.",
            do="It is tried again.",
        )

    def _once(self, method: str, path: str, body: Any) -> Answer:
        split = urlsplit(self.address)
        connection = self._connection(split)
        try:
            headers = {"Accept": "application/json", "User-Agent": "troth"} | dict(self.also)
            if self.service.header:
                headers[self.service.header] = self._credential()
            data = None
            if body is not None:
                headers["Content-Type"] = "application/json"
                data = json.dumps(body).encode()
            connection.request(method, split.path + path, data, headers)
            answer = connection.getresponse()
            raw = answer.read(LARGEST + 1)
        finally:
            connection.close()
        if len(raw) > LARGEST:
            raise self.refused("its answer is too long")
        return Answer(answer.status, _parsed(raw))

    def _connection(self, split: Any) -> http.client.HTTPConnection:
        wait = self.service.timeout
        if split.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(
                split.hostname, split.port, timeout=wait, context=context
            )
        return http.client.HTTPConnection(split.hostname, split.port, timeout=wait)

    def _credential(self) -> str:
        value = self.service.value.replace("{secret}", self.secret())
        if not value.isascii() or not value.isprintable():
            raise self.refused("its credential cannot be sent in a header")
        return value

    def refused(self, why: str) -> SourceInvalid:
        """A refusal that repeats nothing of what came back."""
        return SourceInvalid(
            f"{self.label}: the source did not do what was asked.",
            why=f"{why[:1].upper()}{why[1:]}.",
            do="Compare the description with what the service expects.",
        )


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None


def filled(path: str, **values: str) -> str:
    """The path with its values, each quoted as one segment."""
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return path


def pointed(body: Any, pointer: str) -> list[Any]:
    """The values at a JSON pointer (RFC 6901), in which `*` stands for each of a list or object."""
    found = [body]
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        deeper: list[Any] = []
        for one in found:
            if key == "*":
                deeper += one if isinstance(one, list) else []
                deeper += list(one.values()) if isinstance(one, dict) else []
            elif isinstance(one, dict) and key in one:
                deeper.append(one[key])
            elif isinstance(one, list) and key.isascii() and key.isdecimal():
                deeper += one[int(key) : int(key) + 1]
        found = deeper
    return found
