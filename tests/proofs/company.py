"""One company at work, and the ways to reach it from outside."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiosmtpd.controller import Controller

from support.installations import Installation, Site, free_port, served
from support.mail import Mailbox, Received
from support.pages import form, submit
from support.reader import Page, Reader
from support.seeded import Seed

POLICIES: Final = Path(__file__).resolve().parents[2] / "policies"
PASSWORD: Final = "six geese a-laying eggs"
ROOMY: Final = {
    # Each reader says where they come from, so that none is slowed down for what another does.
    "TROTH_BEHIND_PROXY": "true",
    "TROTH_FORMS_PER_MINUTE": "1000",
    "TROTH_LINKS_PER_HOUR": "1000",
    "TROTH_LIVE_HELLOS_PER_MINUTE": "1000",
}


@dataclass
class Company:
    """A served installation, its outgoing mail, and its staff."""

    site: Site
    post: Mailbox
    inbound_port: int
    address: str = ""
    """Where its visitors find it, if not where the installation is served."""
    organisation: str = ""
    """Its name on the command line, where it shares the installation with others."""
    name: str = ""
    """The host name its visitors ask for, where no machine but this one knows it."""
    _staff: dict[str, Reader] = field(default_factory=dict)
    _readers: int = 0

    # Who comes

    def reader(self, **headers: str) -> Reader:
        """A new visitor, with cookies and an address of their own."""
        self._readers += 1
        address = f"198.18.{self._readers // 250}.{self._readers % 250 + 1}"
        named = {"Host": f"{self.name}:{self.site.port}"} if self.name else {}
        sent = {"X-Forwarded-For": address} | named | headers
        return Reader(self.address or self.site.url, headers=sent)

    def staff(self, role: str = "Owner") -> Reader:
        """A member of the staff with this role, logged in; the same one for all proofs."""
        if role not in self._staff:
            self._staff[role] = self.new_staff(role)
        return self._staff[role]

    def new_staff(self, role: str, *, promised: bool = True, seed: Seed | None = None) -> Reader:
        """One more member of the staff: added on the command line, then by their own hand.

        With `seed` the test knows the address they log in with.
        """
        seed = seed or Seed.new()
        which = ("--organisation", self.organisation) if self.organisation else ()
        said = self.site.run("staff", "add", seed.name, seed.email, "--role", role, *which).stdout
        [link] = re.findall(r"https?://[^/\s]+(/account/invitation/\S+)", said)
        reader = self.reader()
        submit(reader, reader.get(link), "password", password=PASSWORD)
        page = self.log_in(reader, seed.email)
        if promised:
            page = reader.get("/console/undertaking")
            submit(reader, page, to="undertaking", promise="on")
        return reader

    def beside(self, organisation: str, host: str = "") -> Company:
        """The organisation of that name on the same installation, by the name of its site."""
        known = host in {"", "localhost"}
        address = f"http://{host}:{self.site.port}" if host and known else ""
        name = "" if known else host
        return Company(self.site, self.post, self.inbound_port, address, organisation, name)

    def log_in(self, reader: Reader, address: str, password: str = PASSWORD) -> Page:
        """Log in where the reader is not yet."""
        page = reader.get("/account/login/")
        if page.url.endswith("/login/"):
            page = submit(reader, page, "password", name=address, password=password)
        return page

    @contextmanager
    def later(self, days: float) -> Iterator[Company]:
        """The same installation with its pages served that many days ahead, and no worker."""
        moved = {"DAYS_AHEAD_IN_TESTS": str(days)}
        there = Installation(self.site.home, self.site.company, self.site.environment | moved)
        with served(there, "web") as site:
            yield Company(site, self.post, self.inbound_port)

    # What they do

    def send(self, reader: Reader, name: str, /, **values: str | list[str]) -> Page:
        """Fill in one of the public forms, by the names of its fields, and send it."""
        return submit(reader, reader.get(f"/forms/{name}"), "nonce", **values)

    def why(self, *, purpose: str, data: str, person: str = "", to: str = "") -> str:
        """What the gate says, as `troth why` prints it: "allowed: …" or "denied: …"."""
        more = [*(("--person", person) if person else ()), *(("--to", to) if to else ())]
        done = self.site.run("why", "--purpose", purpose, "--data", data, *more, check=False)
        return done.stdout

    # What arrived

    def mails(self, address: str, having: str = "", *, seconds: float = 30) -> list[Received]:
        """All mails to this address with these words in them, as soon as there is one."""

        def found() -> list[Received]:
            return [
                one
                for one in self.post.received
                if address in one.recipients and having in one.message["Subject"] + text_of(one)
            ]

        with self.post.arrived:
            there = self.post.arrived.wait_for(lambda: bool(found()), seconds)
            subjects = [str(one.message["Subject"]) for one in self.post.received]
            assert there, f"no mail with {having!r} in {seconds} s; there are: {subjects}"
            return found()

    def link(self, address: str, part: str) -> str:
        """The path of the newest link with `part` in it that was mailed to this address."""
        links = [
            link
            for one in self.mails(address, part)
            for link in re.findall(r"https?://[^/\s]+(/[^\s)>\]]*)", text_of(one))
            if part in link
        ]
        return links[-1]

    # What is stored

    def rows(self, statement: str, *parameters: Any, of: str = "main") -> list[tuple[Any, ...]]:
        """Read a database file past the software: the main one, or `keyring`."""
        with closing(sqlite3.connect(self.site.home / f"{of}.sqlite3")) as database:
            return database.execute(statement, parameters).fetchall()


def text_of(received: Received) -> str:
    """The plain words of a mail."""
    body = received.message.get_body(("plain",))
    return str(body.get_content()) if body else ""


@contextmanager
def opened(
    made: Installation,
    *,
    parts: tuple[str, ...] = (),
    policy: Callable[[str], str] | None = None,
    **settings: str,
) -> Iterator[Company]:
    """Serve an installation whose mail arrives here, and which takes mail at a port of its own."""
    post = Mailbox("127.0.0.1", free_port())
    controller = Controller(post, hostname=post.host, port=post.port)
    controller.start()
    inbound = free_port()
    environment = {
        "TROTH_SMTP_PORT": str(post.port),
        "TROTH_INBOUND_PORT": str(inbound),
        "TROTH_INBOUND_DOMAIN": f"{made.company}.example",
    }
    there = Installation(made.home, made.company, ROOMY | environment | settings)
    if policy is not None:
        publish(there, policy)
    try:
        with served(there, *parts) as site:
            yield Company(site, post, inbound)
    finally:
        controller.stop()


def publish(there: Installation, change: Callable[[str], str]) -> None:
    """Publish a version made from the text of the company's policy file, under a new name."""
    source = (POLICIES / f"{there.company}.toml").read_text("utf-8")
    changed = change(source)
    assert changed != source
    file = there.home / "next.toml"
    file.write_text(changed, "utf-8")
    there.run("publish", file)


__all__ = ["Company", "form", "opened", "publish", "submit", "text_of"]
