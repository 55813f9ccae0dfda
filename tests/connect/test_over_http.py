"""HTTP services, against a server that notes what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from connect.shops import ADA, subject
from troth.core.connect.described import DescriptionInvalid
from troth.core.connect.over_http.description import read_service
from troth.core.connect.over_http.source import HttpSource
from troth.core.rights.sources import SourceInvalid, SourceMissing

TEXT = """
service:
  name: The letter sender
  identity: user.contact.email
  auth: {header: Authorization, value: "Bearer {secret}"}
  tries: 2
  access:
    path: /people/{identity}
    found:
      - {at: /profile/name, category: user.name}
      - {at: /letters/*/subject, category: user.content.private}
  erasure:
    method: DELETE
    path: /people/{identity}
    expect: [202, 204]
    poll: {path: "/jobs/{id}", id: /job, until: /state, done: [done], failed: [bad], every: 0.01}
  correction:
    method: PATCH
    path: /people/{identity}
    expect: [200]
    fields: {user.name: full_name}
"""


class Sender(BaseHTTPRequestHandler):
    """A service with one person, whose erasure takes a while."""

    people: dict[str, Any]
    asked: list[tuple[str, str, str | None]]
    answers: list[int]

    def answer(self, status: int, body: Any = None, **headers: str) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_GET(self) -> None:
        self.asked.append((self.command, self.path, self.headers["Authorization"]))
        if self.answers:
            self.answer(self.answers.pop(), Location="http://127.0.0.1:1/elsewhere")
        elif self.path.startswith("/api/jobs/"):
            self.people.clear()
            state = "done" if len(self.asked) > 3 else "running"
            self.answer(200, {"state": state})
        elif (name := self.path.rpartition("/")[2]) in self.people:
            self.answer(200, self.people[name])
        else:
            self.answer(404)

    def do_DELETE(self) -> None:
        self.asked.append((self.command, self.path, self.headers["Authorization"]))
        name = self.path.rpartition("/")[2]
        self.answer(202, {"job": 7}) if name in self.people else self.answer(404)

    def do_PATCH(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.people[self.path.rpartition("/")[2]]["profile"]["name"] = sent["full_name"]
        self.answer(200, {})

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def sender() -> Iterator[tuple[HttpSource, type[Sender]]]:
    known = {ADA.replace("@", "%40"): {"profile": {"name": "Ada"}, "letters": [{"subject": "Hi"}]}}
    kind = type("Mine", (Sender,), {"people": known, "asked": [], "answers": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/api"
    yield HttpSource("sender", "Sender", address, read_service(TEXT), lambda: "s3cret"), kind
    server.shutdown()
    server.server_close()


def test_a_service_shows_corrects_and_erases_and_is_read_back(
    sender: tuple[HttpSource, type[Sender]],
) -> None:
    source, server = sender
    assert [one.value for one in source.found(subject())] == ["Ada", "Hi"]
    assert server.asked[0] == ("GET", "/api/people/ada%40customers.example", "Bearer s3cret")
    changes = {"user.name": "Ada L."}
    assert source.check("correction", subject(), changes) != []
    assert source.run("correct", "correction", subject(), changes) == 1
    assert source.check("correction", subject(), changes) == []
    assert source.check("deletion", subject(), {}) != []
    assert source.run("erase", "deletion", subject(), {}) == 1
    assert source.check("deletion", subject(), {}) == []
    assert source.run("erase", "deletion", subject(), {}) == 0


def test_it_tries_again_follows_no_redirect_and_gives_up(
    sender: tuple[HttpSource, type[Sender]],
) -> None:
    source, server = sender
    server.answers = [503]
    assert len(list(source.found(subject()))) == 2
    server.answers = [302]
    with pytest.raises(SourceInvalid, match="answered 302"):
        list(source.found(subject()))
    server.answers = [503, 503]
    with pytest.raises(SourceMissing):
        list(source.found(subject()))
    server.answers = [401]
    with pytest.raises(SourceInvalid, match="does not let us in") as refused:
        list(source.found(subject()))
    assert ADA not in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_an_identifier_is_one_segment_of_the_path(sender: tuple[HttpSource, type[Sender]]) -> None:
    source, server = sender
    assert list(source.found(subject("../jobs/x?a=1#b\r\nX: y"))) == []
    assert server.asked[0][1] == "/api/people/..%2Fjobs%2Fx%3Fa%3D1%23b%0D%0AX%3A%20y"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("path: /people/{identity}", "path: //evil.example/{identity}"),
        ("path: /people/{identity}", "path: http://evil.example/"),
        ("expect: [200]", "expect: [302]"),
        ("method: PATCH", "method: TRACE"),
        ("tries: 2", "tries: 1000"),
        ("header: Authorization", 'header: "A: b"'),
        ("/people/{identity}", "/people/{secret}"),
        ("identity: user.contact.email", "other: 1"),
    ],
)
def test_a_description_cannot_lead_elsewhere(old: str, new: str) -> None:
    with pytest.raises(DescriptionInvalid, match=r"service"):
        read_service(TEXT.replace(old, new, 1))


def test_what_it_cannot_do_is_refused_before_anything_is_sent() -> None:
    text = TEXT.split("  erasure:", maxsplit=1)[0]
    source = HttpSource("s", "S", "http://127.0.0.1:1", read_service(text), lambda: "")
    with pytest.raises(SourceInvalid, match="no request for a deletion"):
        source.run("erase", "deletion", subject(), {})
    with pytest.raises(SourceInvalid, match="no field"):
        source.run("correct", "correction", subject(), {"user.name": "x"})
    with pytest.raises(SourceMissing):
        list(source.found(subject()))
