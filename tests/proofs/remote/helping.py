"""An agent and a customer at their browsers, and the session between them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playwright.sync_api import Page, expect

from proofs.company import Company, submit
from support.reader import Reader
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
        self.watching.wait_for_function(f"{FRAMES} > 2")

    def row(self) -> dict[str, Any]:
        """The session as it is stored."""
        names = "state granted_at ended_at ended_by pointed accepted noted_at conversation".split()
        [values] = self.company.rows(
            f"SELECT {', '.join(names)} FROM remote_session WHERE ref = ?",  # noqa: S608 - ours
            self.ref,
        )
        return dict(zip(names, values, strict=True))

    @property
    def ended_at(self) -> datetime:
        """By the server's clock."""
        return datetime.fromisoformat(self.row()["ended_at"] + "+00:00")


def frames(page: Page) -> int:
    """How many pictures the agent's browser has shown; none where it holds no video."""
    return int(page.evaluate(FRAMES))
