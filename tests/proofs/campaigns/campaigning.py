"""Writing and sending a campaign as the marketing people of a company do: in the console."""

from __future__ import annotations

import html
import re
import smtplib
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Final

from proofs.company import PASSWORD, Company, form, submit, text_of
from support.mail import Received
from support.reader import Page, Reader
from support.seeded import Seed

Make = Callable[..., AbstractContextManager[Company]]
CAMPAIGNS: Final = "/console/campaigns"
BODY: Final = "Dear {{ name | friend }},\n\nthe **new pier** is [open](https://pier.example/in).\n"


@dataclass(frozen=True)
class Campaign:
    """One campaign, by the address of its page in the console."""

    company: Company
    path: str
    writer: Reader

    def page(self, part: str = "") -> Page:
        return self.writer.get(f"{self.path}/{part}".rstrip("/"))

    def state(self) -> str:
        ref = self.path.rpartition("/")[2]
        [[state]] = self.company.rows("SELECT state FROM campaigns_campaign WHERE ref = ?", ref)
        return str(state)

    def hand_in(self, **when: str) -> Page:
        """The question before it leaves, answered; now, unless told otherwise."""
        return submit(self.writer, self.page("send"), "when", **({"when": "now"} | when))

    def send(self) -> None:
        """Send it now, and wait until the last copy has left."""
        done = self.hand_in()
        assert done.url.endswith(self.path), f"not handed in: {done.status} {done.words}"
        self.wait("done")

    def wait(self, *states: str, seconds: float = 30) -> str:
        return str(until(lambda: self.state() if self.state() in states else "", seconds))

    def test(self, address: str) -> Page:
        """Send a test to an address."""
        found = form(self.page(), "address")
        kept = [one for one in found.fields if one[0] not in ("to", "address")]
        return self.writer.post(found.action, [*kept, ("to", "other"), ("address", address)])

    def step(self, name: str) -> Page:
        return submit(self.writer, self.page(), to="/step", step=name)


def until(happens: Callable[[], object], seconds: float = 30) -> object:
    """What `happens` returns, as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := happens()):
        assert time.monotonic() < deadline, f"it did not happen in {seconds} s"
        time.sleep(0.05)
    return found


def crew(size: int) -> list[Seed]:
    """People of one name and addresses of their own: a campaign can be for them alone."""
    first = Seed.new()
    return [first, *(replace(Seed.new(), name=first.name) for _ in range(size - 1))]


def written(
    company: Company,
    purpose: str,
    to: Sequence[Seed] = (),
    *,
    writer: Reader | None = None,
    **values: str | list[str],
) -> Campaign:
    """Write a campaign in the console; `to`: only people who have the name of these."""
    writer = writer or company.staff("Owner")
    return _saved(company, save(company, purpose, to, writer=writer, **values), writer)


def notice(
    company: Company, to: Sequence[Seed] = (), *, purpose: str = "service-notices", **values: str
) -> Campaign:
    """Write a notice in the console; `to`: only people who have the name of these."""
    writer = company.staff("Owner")
    only = {"value_category": "user.name", "value_text": to[0].name} if to else {}
    given = {"name": "Outage", "subject": "An outage", "body": "We are down until nine."}
    filled = given | only | {"format": "markdown"} | values | {"purpose": purpose, "do": "save"}
    page = submit(writer, writer.get(f"{CAMPAIGNS}/notices/new"), "purpose", **filled)
    return _saved(company, page, writer)


def _saved(company: Company, page: Page, writer: Reader) -> Campaign:
    path = page.url.removeprefix(company.site.url)
    assert re.fullmatch(rf"{CAMPAIGNS}/[0-9a-f]+", path), f"not saved: {page.status} {page.words}"
    return Campaign(company, path, writer)


def save(
    company: Company,
    purpose: str,
    to: Sequence[Seed] = (),
    *,
    writer: Reader | None = None,
    **values: str | list[str],
) -> Page:
    """Fill in the form of a new campaign and press “Save”: what comes of it, or the refusal."""
    writer = writer or company.staff("Owner")
    only = {"value_category": "user.name", "value_text": to[0].name} if to else {}
    given: dict[str, str | list[str]] = {
        "name": "Pier", "subject": "The new pier", "body": BODY, "format": "markdown",
    }  # fmt: skip
    filled = given | only | values | {"purpose": purpose, "do": "save"}
    return submit(writer, writer.get(f"{CAMPAIGNS}/new"), "purpose", **filled)


def sent(company: Company, purpose: str, to: Sequence[Seed], **values: str | list[str]) -> Campaign:
    """Write a campaign to the people of this name and send it."""
    campaign = written(company, purpose, to, **values)
    campaign.send()
    return campaign


# What arrived


def received(company: Company, seed: Seed, subject: str = "The new pier") -> list[Received]:
    """The letters of this subject that have arrived at somebody's address so far."""
    with company.post.arrived:
        return [
            one
            for one in company.post.received
            if seed.email in one.recipients and one.message["Subject"] == subject
        ]


def who_got(company: Company, seeds: Sequence[Seed], subject: str = "The new pier") -> list[bool]:
    """For each of them whether a letter of this subject arrived. Nobody got it twice."""
    counts = [len(received(company, seed, subject)) for seed in seeds]
    assert max(counts, default=0) <= 1, counts
    return [bool(count) for count in counts]


def html_of(letter: Received) -> str:
    body = letter.message.get_body(("html",))
    return str(body.get_content()) if body else ""


def path_in(text: str, part: str) -> str:
    """The path of the first link with `part` in it."""
    links = re.findall(r"https?://[^/\s\"]+(/[^\s\"<>)\]]*)", text)
    found = [html.unescape(link) for link in links if part in link]
    assert found, f"no {part!r} in {text}"
    return found[0]


def dsn(seed: Seed, action: str, status: str) -> bytes:
    """A report of delivery (RFC 3464), as the receiving side writes it."""
    return (
        "From: mailer-daemon@elsewhere.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.elsewhere.example\r\n\r\n"
        f"Final-Recipient: rfc822; {seed.email}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "\r\n--b--\r\n"
    ).encode()


def complaint(letter: Received) -> bytes:
    """A report of spam (RFC 5965) about a letter."""
    return (
        "From: fbl@elsewhere.example\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        "Feedback-Type: abuse\r\nUser-Agent: Loop/1\r\nVersion: 1\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {letter.message['Message-ID']}\r\nSubject: x\r\n\r\nDear\r\n--b--\r\n"
    ).encode()


# What people do

NEWS: Final = {
    "comm100": "newsletter", "comindware": "newsletter", "comantra": "offers",
    "comintech": "offers", "com1": "product-news",
}  # fmt: skip
"""A purpose of each company for which those who `join` are mailed."""


def join(company: Company, *seeds: Seed, **values: str) -> None:
    """Have each give their name and address where it serves the company's news and offers."""
    for seed in seeds:
        given = {"name": seed.name, "email": seed.email} | values
        match company.site.company:
            case "comm100":
                page = _sends(company, "get-in-touch", given | {"website": seed.website})
            case "comindware":
                page = _sends(company, "demo", given | {"company": seed.company})
            case "comantra":
                page = _sends(company, "drop-off", given | {"item": "Pump", "message": "It drips."})
            case "comintech":
                page = confirm(company, seed, _sends(company, "newsletter", given | ALL))
            case _:
                page = sign_up(company, seed, **values).get("/account/")
        assert page.status == 200, page.words


ALL: Final = {"yes_newsletter": "on", "yes_offers": "on"}


def _sends(company: Company, name: str, given: dict[str, str]) -> Page:
    return company.send(company.reader(), name, **given)


def confirm(company: Company, seed: Seed, _asked: Page) -> Page:
    """Follow the link of the mail that asks whether it was them, and press the button."""
    reader = company.reader()
    page = reader.get(company.link(seed.email, "/forms/sign-up/"))
    return submit(reader, page)


def refuse_all(company: Company, seed: Seed) -> Page:
    """The form that needs no log-in and asks for an address alone."""
    return company.send(company.reader(), "no-solicitation", email=seed.email)


def mail_in(company: Company, to: str, message: EmailMessage | bytes, sender: str = "") -> None:
    """Hand a mail to the company's own mail server, as the rest of the world does."""
    raw = message if isinstance(message, bytes) else message.as_bytes()
    with smtplib.SMTP("127.0.0.1", company.inbound_port, timeout=30) as client:
        client.sendmail(sender, [to], raw)


def answer(seed: Seed, text: str, subject: str = "Re: The new pier") -> EmailMessage:
    """A mail that somebody writes."""
    made = EmailMessage()
    made["From"], made["Subject"] = seed.email, subject
    made["Message-ID"] = make_msgid(domain="seeded.example")
    made.set_content(text)
    return made


def leave(company: Company, letter: Received) -> Page:
    """Follow the link at the bottom of a letter and press its button."""
    reader = company.reader()
    page = reader.get(path_in(text_of(letter), "/campaigns/unsubscribe/"))
    assert page.status == 200, page.words
    return reader.post(form(page).action, [])


def own_page(company: Company, seed: Seed, reader: Reader | None = None) -> Page:
    """Somebody's page of choices, by the link they have in a mail, or else ask for."""
    reader = reader or company.reader()
    with company.post.arrived:
        held = [text_of(one) for one in company.post.received if seed.email in one.recipients]
    if not any("/preferences/" in text for text in held):
        submit(reader, reader.get("/preferences/"), "email", email=seed.email)
    return reader.get(company.link(seed.email, "/preferences/"))


def choose(
    company: Company, seed: Seed, *, on: Sequence[str] = (), off: Sequence[str] = ()
) -> Page:
    """Turn switches on somebody's page of choices and save."""
    reader = company.reader()
    page = own_page(company, seed, reader)
    wanted = (page.ticked() | set(on)) - set(off)
    saved = submit(reader, page, "shown", on=sorted(wanted))
    assert saved.status == 200, saved.words
    return saved


def sign_up(company: Company, seed: Seed, reader: Reader | None = None, **values: str) -> Reader:
    """Open an account: the form, the mail, the link in it, the password."""
    reader = reader or company.reader()
    page = reader.get("/account/register/")
    known = form(page, "password").names()
    given = {
        "name": seed.name, "email": seed.email, "username": f"u-{seed.email[9:21]}",
        "website": seed.website, "phone": seed.phone, "address": "1 Example Street",
        "password": PASSWORD, "age": "yes",
    }  # fmt: skip
    asked = {key: value for key, value in given.items() if key in known} | values
    page = submit(reader, page, "password", **asked)
    assert "Look at your mail" in page.words, page.words
    page = reader.get(company.link(seed.email, "/account/confirm/"))
    page = submit(reader, page, "password", password=PASSWORD)
    assert page.status == 200, page.words
    return reader
