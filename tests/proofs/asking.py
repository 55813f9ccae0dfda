"""People who ask about their data, as they and the staff do it at their browsers."""

from __future__ import annotations

import html
import io
import json
import re
import time
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from smtplib import SMTP
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import holidays

from proofs.company import PASSWORD, POLICIES, Company, submit, text_of
from support.pages import form as form_of
from support.reader import Page, Reader
from support.seeded import Seed

Found = TypeVar("Found")
EMAIL, NAME = "user.contact.email", "user.name"
ALWAYS = ("name", "email", "message")


def until(condition: Callable[[], Found], what: str, *, seconds: float = 90) -> Found:
    """What `condition` gives once it gives anything: the worker needs a moment."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not in {seconds} s: {what}"
        time.sleep(0.03)
    return found


def spoken(day: date) -> str:
    """A day as pages write it."""
    written = f"{day.day} {day:%B}"
    return written if day.year == datetime.now(UTC).year else f"{written} {day.year}"


def heard(company: Company, address: str, words: str) -> str:
    """The text of the newest mail to an address that has these words, however it is wrapped."""

    def found() -> list[str]:
        texts = [
            " ".join(text_of(one).split())
            for one in list(company.post.received)
            if address in one.recipients
        ]
        return [text for text in texts if words in text]

    return until(found, f"a mail that says {words!r}")[-1]


def write_mail(
    company: Company, sender: str, to: str, subject: str, text: str, **headers: str
) -> EmailMessage:
    """Somebody writes to an address of the company with their mail program."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Somebody <{sender}>", to, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return post(company, message, sender, to)


def post(company: Company, message: EmailMessage, sender: str, to: str) -> EmailMessage:
    """Somebody's mail program hands a mail to the company's server."""
    until(lambda: _taken(company, message, sender, to), "the mail to be taken")
    return message


def _taken(company: Company, message: EmailMessage, sender: str, to: str) -> bool:
    """Whether the company's server took a mail; the worker that listens begins after the pages."""
    try:
        with SMTP("127.0.0.1", company.inbound_port) as server:
            server.send_message(message, sender, [to])
    except ConnectionRefusedError:
        return False
    return True


@dataclass
class Asker:
    """Somebody at their browser, of whom something is held or not yet."""

    company: Company
    seed: Seed
    reader: Reader
    _opened: int = 0
    """How many packages were opened."""

    @classmethod
    def new(cls, company: Company) -> Asker:
        """Somebody of whom nothing is held."""
        return cls(company, Seed.new(), company.reader())

    @classmethod
    def known(cls, company: Company, form: str = "contact", **more: str) -> Asker:
        """Somebody who has sent one of the public forms, and `more` with it."""
        found = cls.new(company)
        page = found.reader.get(f"/forms/{form}")
        given = {
            key: getattr(found.seed, key) for key in ALWAYS if key in form_of(page, "nonce").names()
        }
        sent = submit(found.reader, page, "nonce", **given | more)
        assert "/forms/sent/" in sent.url, sent.words
        return found

    @classmethod
    def registered(cls, company: Company, **more: str) -> Asker:
        """Somebody with an account, logged in."""
        found = cls.new(company)
        page = found.reader.get("/account/register/")
        given = {"name": found.seed.name, "email": found.seed.email, "password": PASSWORD}
        names = form_of(page, "password").names()
        known = {key: getattr(found.seed, key) for key in ("phone", "website") if key in names}
        ticked = {"age": "yes"} if "age" in names else {}
        submit(found.reader, page, "password", **given | known | ticked | more)
        opened = found.reader.get(company.link(found.seed.email, "/account/confirm/"))
        submit(found.reader, opened, to="/account/confirm/", password=PASSWORD)
        assert found.reader.get("/account/profile/").status == 200
        return found

    def ask(self, kind: str, **more: str | list[str]) -> Page:
        """By the form of the site, and the link in the mail. Returns the page of the request."""
        before = self._links("confirm")
        page = self.reader.get(f"/rights/ask/{kind}")
        sent = submit(self.reader, page, "email", email=self.seed.email, **more)
        assert sent.url.endswith("/rights/sent"), sent.words
        return self.confirm(before)

    def confirm(self, before: int = 0) -> Page:
        """Press the button behind the newest link that was mailed. Returns the request's page."""
        until(lambda: self._links("confirm") > before, "a mail with a link")
        path = self.company.link(self.seed.email, "/rights/confirm/")
        page = submit(self.reader, self.reader.get(path), to="/rights/confirm/")
        assert "/rights/request/" in page.url, page.words
        return page

    def complain(self, words: str, kind: str = "complaint") -> Page:
        """A case by the form of the site: it needs no proof. Returns its page."""
        before = self._links("request")
        page = self.reader.get(f"/rights/ask/{kind}")
        submit(self.reader, page, "email", email=self.seed.email, words=words)
        until(lambda: self._links("request") > before, "a mail about the case")
        return self.reader.get(self.company.link(self.seed.email, "/rights/request/"))

    def _links(self, part: str) -> int:
        return sum(
            self.seed.email in one.recipients and f"/rights/{part}/" in text_of(one)
            for one in list(self.company.post.received)
        )

    def ask_in_account(self, kind: str, **more: str | list[str]) -> Page:
        """In the account. Returns the page of the request."""
        page = self.reader.get(f"/account/requests/new/{kind}")
        return submit(self.reader, page, to=f"/requests/new/{kind}", **more)

    def over(self, page: Page, words: str = "done") -> Page:
        """The page of a request once it has come to an end."""
        self.finish(page, words)
        return self.reader.get(page.url)

    def does(self, page: Page, what: str) -> Page:
        """Press a button of the request's page."""
        return submit(self.reader, self.reader.get(page.url), "do", do=what)

    def package(self, page: Page) -> dict[str, Any]:
        """The package behind the link that was mailed, or behind the button in the account."""
        self.over(page)
        if "/account/" in page.url:
            opened = self.does(page, "package")
        else:
            until(lambda: self._links("package") > self._opened, "a mail with the package")
            self._opened += 1
            opened = self.reader.get(self.company.link(self.seed.email, "/rights/package/"))
        return unpacked(submit(self.reader, opened, to="/rights/package/"))

    def finish(self, page: Page, words: str = "done") -> None:
        """Until a request has come to an end, looked at in the database: its page may be gone."""
        ref, asked = ref_of(page), "SELECT state FROM rights_request WHERE ref = ?"
        ends = ("done", "refused", "withdrawn", "stuck")
        until(lambda: self.company.rows(asked, ref)[0][0] in ends, "an end of the request")
        assert self.company.rows(asked, ref) == [(words,)]

    def times(self, page: Page) -> tuple[datetime, datetime]:
        """When a request was received and has to be answered, by the clock of the company."""
        [(zone,)] = self.company.rows("SELECT time_zone FROM organisations_organisation")
        [row] = self.company.rows(
            "SELECT received_at, due_at FROM rights_request WHERE ref = ?", ref_of(page)
        )
        received, due = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in row)
        return received.astimezone(ZoneInfo(zone)), due.astimezone(ZoneInfo(zone))

    def person(self, page: Page) -> str:
        """Their opaque name, of whom a request is."""
        [(ref,)] = self.company.rows(
            "SELECT person.ref FROM rights_request AS request"
            " JOIN people_person AS person ON person.id = request.person_id WHERE request.ref = ?",
            ref_of(page),
        )
        return str(ref)


def enter(
    company: Company,
    kind: str,
    *,
    way: str,
    how: str,
    received: date | None = None,
    **more: str | list[str],
) -> Page:
    """The staff enters what came by phone, post or mail. Returns the page of the request."""
    desk, path = company.staff(), "/console/requests/new"
    day = (received or datetime.now(UTC).date()).isoformat()
    said = {"kind": kind, "way": way, "how": how, "received": day}
    page = submit(desk, desk.get(path), "kind", to=path, **said, **more)
    assert not page.url.endswith("/new"), page.words
    return page


def before_the_holidays() -> date:
    """The latest 21 December that is over by a month: holidays and weekends follow it."""
    today = datetime.now(UTC).date()
    found = date(today.year, 12, 21)
    return found if found < today - timedelta(days=31) else date(today.year - 1, 12, 21)


def within_business_days(company: Company, received: date, count: int) -> date:
    """The last day of so many business days where the company is, counted one by one."""
    source = (POLICIES / f"{company.site.company}.toml").read_text("utf-8")
    country, _, part = tomllib.loads(source)["company"]["calendar"].partition("-")
    free = holidays.country_holidays(country, subdiv=part or None)
    day = received
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in free
    return day


def may(company: Company, person: str, *purposes: str, data: str = EMAIL) -> list[bool]:
    """For which of the purposes the gate lets a person's data be used, as the console tells why."""
    source = (POLICIES / f"{company.site.company}.toml").read_text("utf-8")
    labels = tomllib.loads(source)["purposes"]
    page = company.staff().get(f"/console/people/{person}/why?data={data}")
    rows = re.findall(
        r'<th scope="row">([^<]*).*?</th><td data-label="Answer">(.*?)</td>', page.text, re.DOTALL
    )
    answers = {html.unescape(label).strip(): "permitted" in answer for label, answer in rows}
    assert answers, page.words
    return [answers[labels[one]["label"]] for one in purposes]


def ref_of(page: Page) -> str:
    """The reference in the address of a request's page."""
    return page.url.rpartition("/")[2].partition("~")[0]


def unpacked(page: Page) -> dict[str, Any]:
    """What a package has: `page` for people, `data` for machines, `schema` of these."""
    assert page.headers["Content-Type"] == "application/zip", page.words
    with zipfile.ZipFile(io.BytesIO(page.content)) as archive:
        return {
            "page": archive.read("your-data.html").decode(),
            "data": json.loads(archive.read("your-data.json")),
            "schema": json.loads(archive.read("your-data.schema.json")),
        }
