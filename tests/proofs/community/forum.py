"""The forum as people, visitors and moderators use it at their browsers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

from proofs.company import Company, submit
from proofs.customers import Customer
from support.pages import form
from support.reader import Page, Reader


def board(company: Company) -> str:
    """The address of a board, which an owner opened; the same one for all proofs."""
    page = company.reader().get("/forum/")
    assert page.status == 200
    if not (found := re.findall(r'href="(/forum/b/[a-z0-9-]+)"', page.text)):
        owner = company.staff("Owner")
        submit(owner, owner.get("/console/forum/"), "about", name="Questions", about="Ask here.")
        found = re.findall(r'href="(/forum/b/[a-z0-9-]+)"', company.reader().get("/forum/").text)
    return str(found[0])


def tick(page: Page) -> list[str]:
    """The clauses that the page wants to be taken note of."""
    return [value for name, value in form(page, "noted").boxes if name == "noted"]


@dataclass
class Author:
    """Somebody who writes in the forum, at their own browser."""

    company: Company
    reader: Reader
    name: str = field(default_factory=lambda: f"Heron {uuid4().hex[:10]}")

    @classmethod
    def ready(cls, company: Company) -> Author:
        """A customer with an account who took note of what holds here and has a name."""
        made = cls(company, Customer.with_account(company).reader)
        made.takes_note()
        return made

    def takes_note(self) -> Page:
        """Tick all there is, and choose a name where none is chosen."""
        page = self.reader.get("/forum/terms")
        named = {"name": self.name} if "name" in form(page, "next").names() else {}
        noted = {"noted": tick(page)} if "noted" in form(page, "next").names() else {}
        return submit(self.reader, page, "next", **named, **noted)

    def begins(self, title: str, text: str, **more: str) -> Page:
        """A thread; the page it stands on."""
        page = self.reader.get(f"{board(self.company)}/new")
        return submit(self.reader, page, "text", title=title, text=text, **more)

    def answers(self, thread: Page, text: str, *, quotes: str = "", **more: str) -> Page:
        path = urlsplit(thread.url).path + "/reply" + (f"?quotes={quotes}" if quotes else "")
        return submit(self.reader, self.reader.get(path), "text", text=text, **more)


def posts(page: Page) -> list[str]:
    """The references of the posts on a page, in order."""
    return list(
        dict.fromkeys(re.findall(r'id="p\d+".*?/forum/p/([0-9a-f]{32})"', page.text, re.DOTALL))
    )


def found(company: Company, words: str) -> str:
    """What a visitor reads who searches the forum."""
    said = company.reader().get(f"/forum/search?q={words.replace(' ', '+')}")
    assert said.status == 200
    return said.words


def hide(company: Company, thread: Page, post: str, words: str, ground: str) -> Page:
    """A moderator hides a post."""
    owner = company.staff("Owner")
    path = urlsplit(thread.url).path.replace("/forum/", "/console/forum/")
    return submit(owner, owner.get(path), "ground", to=post, ground=ground, words=words)
