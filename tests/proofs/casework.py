"""Cases at the console: who opens one, who is the second to look at it, and what comes out."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.request import Request
from uuid import uuid4

from proofs.company import Company, form, submit
from proofs.customers import Customer
from support.pages import forms
from support.reader import Page, Reader

PAPER = b"%PDF-1.4\n% an order, as paper\n"
SECOND = "Second look"
WRITTEN = {
    "authority": "Harbour District Court, number 44/10",
    "judgement": "Checked seal and signature with the registry by phone; valid.",
    "reason": "Somebody is threatened, and nothing milder would do.",
    "belief": "We believe that goods were taken by fraud: three signs, listed here.",
    "balance": "Their interest in silence weighs less than the damage to our customers.",
    "how": "A colleague saw it while answering another question.",
    "acquirer": "Tidewater Holdings, Port Quill",
    "moves": "Your name and how to reach you.",
}


def day(ahead: int) -> str:
    """A day as a form writes it, that many days from today."""
    return f"{datetime.now(UTC) + timedelta(days=ahead):%Y-%m-%d}"


def second(company: Company) -> Reader:
    """A member of the staff who approves cases and opens none; the same one for all proofs."""
    if SECOND not in company._staff:
        owner = company.staff("Owner")
        page = owner.get("/console/settings/roles/new")
        submit(owner, page, "abilities", name=SECOND, abilities=["cases.approve"], purposes=[])
    return company.staff(SECOND)


def wrote(company: Company, customer: Customer) -> Customer:
    """Somebody who has sent the contact form: name, address, and what they have to say."""
    seed = customer.seed
    page = company.send(
        customer.reader, "contact", name=seed.name, email=seed.email, message=seed.message
    )
    assert "/forms/sent/" in page.url, page.words
    return customer


def upload(reader: Reader, page: Page, content: bytes, name: str = "order.pdf") -> Page:
    """Send a paper as a browser does."""
    found, edge = form(page, "document"), uuid4().hex
    body = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in found.fields
        if key != "document"
    ).encode()
    head = f'--{edge}\r\nContent-Disposition: form-data; name="document"; filename="{name}"\r\n'
    body += head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content
    body += f"\r\n--{edge}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    return reader._open(Request(found.action, body, reader.headers | kind))


@dataclass
class Bundle:
    """What was handed over, as whoever gets it reads it."""

    content: bytes

    def __post_init__(self) -> None:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}
        self.data: dict[str, Any] = json.loads(self.files["bundle.json"])
        self.manifest: dict[str, Any] = json.loads(self.files["manifest.json"])

    @property
    def everything(self) -> str:
        return b"\n".join(self.files.values()).decode()

    def is_whole(self) -> bool:
        """Whether each file has the digest that the manifest gives it, and none is added."""
        digests = {
            name: sha256(content).hexdigest()
            for name, content in self.files.items()
            if name != "manifest.json"
        }
        return digests == self.manifest["sha256"]


@dataclass
class Case:
    """One case, by its page."""

    company: Company
    path: str
    opener: Reader

    @property
    def ref(self) -> str:
        return self.path.rpartition("/")[2]

    @classmethod
    def open(cls, company: Company, clause: str, **given: str | list[str]) -> Case:
        """Open one with what the form asks for, and `given` in place of it."""
        page = ask(company, clause, **given)
        found = re.search(r"/console/cases/([0-9a-f]{32})", page.url)
        assert found, page.words
        return cls(company, f"/console/cases/{found[1]}", company.staff("Owner"))

    def page(self, reader: Reader | None = None) -> Page:
        return (reader or self.opener).get(self.path)

    def add(self, content: bytes = PAPER, name: str = "order.pdf") -> Page:
        return upload(self.opener, self.page(), content, name)

    def does(self, what: str, reader: Reader | None = None, **more: str) -> Page:
        """Press a button of its page, also where the page shows none."""
        who = reader or self.opener
        [token] = who.get("/console/").inputs("csrfmiddlewaretoken")[:1]
        sent = {"csrfmiddlewaretoken": token, "do": what} | more
        return who.post(f"{self.path}/do", list(sent.items()))

    def passed(self) -> None:
        """Its day is yesterday: what waiting would come to."""
        self._yesterday("ends_at")

    def freed(self) -> None:
        """The order to keep silent ended yesterday."""
        self._yesterday("silent_until")

    def waited(self) -> None:
        """The time to object ended yesterday, for everybody who was told."""
        self._yesterday("objections_until")
        which = "case_id = (SELECT id FROM cases_case WHERE ref = ?) AND goes_from IS NOT NULL"
        self._set(f"UPDATE cases_concern SET goes_from = ? WHERE {which}")

    def _yesterday(self, column: str) -> None:
        self._set(f"UPDATE cases_case SET {column} = ? WHERE ref = ?")

    def _set(self, update: str) -> None:
        yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d %H:%M:%S.%f}"
        with closing(sqlite3.connect(self.company.site.home / "main.sqlite3", timeout=30)) as base:
            base.execute(update, (yesterday, self.ref))
            base.commit()

    def approved(self) -> Case:
        """Shown to a second person, and approved by them."""
        assert "has to look at it now" in self.does("submit").words
        page = self.does("approve", second(self.company))
        assert "It is approved" in page.words, page.words
        return self

    def hand_over(self, reader: Reader | None = None) -> Page:
        who = reader or self.opener
        [token] = who.get("/console/").inputs("csrfmiddlewaretoken")[:1]
        return who.post(f"{self.path}/bundle", [("csrfmiddlewaretoken", token)])

    def bundle(self) -> Bundle:
        page = self.hand_over()
        assert page.headers["Content-Type"] == "application/zip", page.words
        found = Bundle(page.content)
        assert found.is_whole()
        return found


def ask(company: Company, clause: str, **given: str | list[str]) -> Page:
    """Fill in the form of a case under a clause. What is not given gets what the form wants."""
    owner = company.staff("Owner")
    page = owner.get(f"/console/cases/new/{clause}")
    found = forms(page)
    names = set().union(*(one.names() for one in found))
    known = {key: text for key, text in WRITTEN.items() if key in names}
    boxes = [value for one in found for name, value in one.boxes if name == "categories"]
    grounds = [value for one in found for name, value in one.boxes if name == "ground"]
    filled = known | {"categories": boxes, "ends": day(30), "ground": grounds[0]} | given
    return submit(owner, page, "ends", **filled)


def bodies(company: Company, ref: str) -> list[dict[str, Any]]:
    """What the ledger has of a case."""
    rows = company.rows("SELECT CAST(body AS TEXT) FROM ledger_pending") + company.rows(
        "SELECT CAST(body AS TEXT) FROM ledger_entry"
    )
    found = {body["id"]: body for (text,) in rows if ref in text for body in [json.loads(text)]}
    return [body for body in found.values() if body["detail"].get("case") == ref]
