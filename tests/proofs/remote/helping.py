"""An agent and a customer at their browsers, and the session between them."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page, expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from proofs.company import Company, submit
from support.pages import form
from support.reader import Page as Answer, Reader
from support.seeded import Seed

HERE = "/console/remote"
Opens = Callable[..., Page]
THEIRS = "document.querySelector('[data-theirs]')"
FRAMES = f"({THEIRS}?.getVideoPlaybackQuality().totalVideoFrames ?? 0)"
SUM = """async () => {
    const video = document.querySelector('[data-theirs]');
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [64, 36];
    const pen = canvas.getContext('2d');
    pen.drawImage(video, 0, 0, 64, 36);
    return Array.from(pen.getImageData(0, 0, 64, 36).data).reduce((one, two) => one + two);
}"""


def case(company: Company, agent: Reader, seed: Seed) -> str:
    """A conversation with this person, which is the agent's: its reference."""
    values = {"name": seed.name, "phone": seed.phone, "email": seed.email}
    page = agent.get("/console/conversations/new/call")
    page = submit(agent, page, "name", told="on", **values, **{"call-note": "It has become slow."})
    found = re.search(r"/console/conversations/([0-9a-f]{32})", page.url)
    assert found, page.words
    return found[1]


def begin(company: Company, agent: Reader, conversation: str = "", **more: str) -> tuple[str, str]:
    """Ask to be shown a screen: the code that is to be read out, and the session's reference."""
    path = f"{HERE}?conversation={conversation}" if conversation else HERE
    page = submit(agent, agent.get(path), "ground", seconds="900", **more)
    code = re.search(r"<output>([\d ]+)</output>", page.text)
    assert code, page.words
    ref = re.search(rf'data-here="{HERE}/([0-9a-f]+)"', page.text)
    assert ref
    return code[1], ref[1]


def write_note(agent: Reader, ref: str, text: str) -> str:
    """Write down what was done; the words of the page that follows."""
    page = agent.get(f"{HERE}/{ref}")
    return submit(agent, page, "text", text=text).words


@dataclass
class Visit:
    """A session whose customer has typed the code, without a browser: what it says and answers."""

    company: Company
    agent: Reader
    ref: str
    code: str
    customer: Reader
    page: Answer

    @classmethod
    def new(cls, company: Company, agent: Reader, conversation: str = "") -> Visit:
        code, ref = begin(company, agent, conversation)
        customer = company.reader()
        page = enter(customer, code)
        assert page.status == 200, page.words
        return cls(company, agent, ref, code, customer, page)

    def do(self, wish: str, **more: str) -> Answer:
        """What a button of the customer's page sends."""
        path = form(self.page, to="/do").action
        return self.customer.post(path, [("do", wish), *more.items()])

    @property
    def state(self) -> str:
        return str(row_of(self.company, self.ref)["state"])

    @contextmanager
    def line(self, side: str) -> Iterator[Line]:
        """The page's line to the live process, as the customer or the agent has it."""
        told = self.page.text
        if side == "customer":
            hello = {"session": attribute(told, "session"), "secret": attribute(told, "secret")}
        else:
            answer = self.agent.get(f"{HERE}/{self.ref}/ticket")
            assert answer.status == 200, answer.words
            hello = json.loads(answer.text)
        url = f"{attribute(told, 'live')}/live/remote"
        with connect(url, origin=Origin(self.company.site.url)) as socket:
            socket.send(json.dumps({"t": "hello"} | hello))
            yield Line(socket)


@dataclass
class Line:
    """A WebSocket to the live process."""

    socket: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)
    code: int = 0

    def send(self, kind: str, **more: Any) -> None:
        self.socket.send(json.dumps({"t": kind, **more}))

    def until(self, kind: str, **having: Any) -> dict[str, Any]:
        """The next frame of this kind with these values."""
        deadline = time.monotonic() + 20
        while True:
            assert time.monotonic() < deadline, (kind, having, self.heard)
            frame: dict[str, Any] = json.loads(self.socket.recv(timeout=20))
            self.heard.append(frame)
            if frame["t"] == kind and all(frame.get(key) == one for key, one in having.items()):
                return frame

    def ended(self) -> datetime:
        """When it was told that the session is over, and was closed for it."""
        self.until("state", state="ended")
        at = datetime.now(UTC)
        try:
            self.socket.recv(timeout=20)
        except ConnectionClosed as closed:
            self.code = closed.rcvd.code if closed.rcvd else 0
        return at


def attribute(text: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', text)
    assert found, name
    return html.unescape(found[1])


def enter(reader: Reader, code: str) -> Answer:
    """Type a code on the page for it."""
    return submit(reader, reader.get("/help-session"), "code", code=code)


def row_of(company: Company, ref: str) -> dict[str, Any]:
    """A session as it is stored."""
    names = "state granted_at ended_at ended_by pointed accepted noted_at code_digest".split()
    [values] = company.rows(
        f"SELECT {', '.join(names)} FROM remote_session WHERE ref = ?",
        ref,
    )
    return dict(zip(names, values, strict=True))


@dataclass
class Session:
    """One session with both browsers open."""

    company: Company
    agent: Reader
    ref: str
    code: str
    watching: Page
    showing: Page

    @classmethod
    def between(
        cls, company: Company, opens: Opens, agent: Reader, conversation: str = ""
    ) -> Session:
        """An agent at their page, and a customer who has typed the code."""
        code, ref = begin(company, agent, conversation)
        watching = opens()
        watching.context.add_cookies(
            [
                {"name": one.name, "value": one.value or "", "url": company.site.url}
                for one in agent.cookies
            ]
        )
        watching.goto(f"{company.site.url}{HERE}/{ref}")
        showing = opens()
        showing.goto(f"{company.site.url}/help-session")
        showing.get_by_label("code").fill(code)
        showing.get_by_role("button", name="Go on").click()
        expect(showing.get_by_role("heading", name="What is going to happen")).to_be_visible()
        return cls(company, agent, ref, code, watching, showing)

    def allow(self) -> None:
        """Read, tick, allow; until the agent sees pictures."""
        self.showing.get_by_label("I have read this").check()
        self.showing.get_by_role("button", name="Allow").click()
        expect(self.showing.get_by_role("heading", name="Your screen is shown")).to_be_visible()
        self.watching.wait_for_function(f"() => {FRAMES} > 2")

    def row(self) -> dict[str, Any]:
        """The session as it is stored."""
        return row_of(self.company, self.ref)

    @property
    def ended_at(self) -> datetime:
        """By the server's clock."""
        return moment(self.row()["ended_at"])


def moment(text: str) -> datetime:
    """A time as the database has it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def frames(page: Page) -> int:
    """How many pictures the agent's browser has shown; none where it holds no video."""
    return int(page.evaluate(FRAMES))
