"""Domains as people order them, look them up and look after them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from proofs.company import Company, submit
from support.reader import Page
from support.seeded import Seed

ADDRESS = "12 Harbour Lane, Port Quill"


@dataclass
class Owned:
    """Somebody's domain, from the order on."""

    company: Company
    seed: Seed = field(default_factory=Seed.new)
    name: str = field(default_factory=lambda: f"quill-{uuid4().hex[:12]}.example")

    def order(self, **more: str) -> Page:
        """Fill in the order form and send it."""
        reader, seed = self.company.reader(), self.seed
        values = {
            "domain": self.name,
            "registrant": seed.name,
            "registrant-organisation": seed.company,
            "email": seed.email,
            "address": ADDRESS,
            "phone": seed.phone,
        }
        return submit(reader, reader.get("/domains/order"), "nonce", **values | more)

    def confirm(self) -> Page:
        """Follow the link in the mail, and say yes."""
        reader = self.company.reader()
        page = reader.get(self.company.link(self.seed.email, "/domains/confirm/"))
        return submit(reader, page, to="/domains/confirm/")

    @classmethod
    def new(cls, company: Company, **more: str) -> Owned:
        """A domain that its owner has confirmed."""
        owned = cls(company)
        assert owned.order(**more).url.endswith("/domains/asked")
        page = owned.confirm()
        assert page.status == 200, page.words
        return owned

    def own(self) -> Page:
        """Its owner's page, by the link that was mailed to them."""
        return self.company.reader().get(self.company.link(self.seed.email, "/domains/own/"))

    def show(self, *keys: str) -> Page:
        """Have exactly these fields shown."""
        reader = self.company.reader()
        page = reader.get(self.company.link(self.seed.email, "/domains/own/"))
        return submit(reader, page, "do", shown=list(keys), do="show")

    def whois(self) -> Page:
        return self.company.reader().get(f"/whois?name={quote(self.name)}")

    def rdap(self) -> dict[str, Any]:
        """The public record as programs read it."""
        page = self.company.reader().get(f"/rdap/domain/{quote(self.name)}")
        assert page.status == 200, page.text
        assert page.headers["Content-Type"] == "application/rdap+json"
        found: dict[str, Any] = json.loads(page.text)
        return found

    def public(self) -> str:
        """All that everybody can read of it."""
        return json.dumps(self.rdap(), ensure_ascii=False) + self.whois().words

    @property
    def ref(self) -> str:
        """What the ledger calls its owner."""
        [[ref]] = self.company.rows(
            "SELECT p.ref FROM people_person p JOIN domains_domain d ON d.person_id = p.id "
            "WHERE d.ref = ?",
            self.of_console,
        )
        return str(ref)

    @property
    def of_console(self) -> str:
        """What the console calls it, found by its handle."""
        handle = self.rdap()["handle"]
        [[ref]] = self.company.rows("SELECT ref FROM domains_domain WHERE ref LIKE ?", f"{handle}%")
        return str(ref)


def card(record: dict[str, Any], role: str) -> dict[str, str]:
    """What the card of an entity holds."""
    [entity] = [one for one in record["entities"] if role in one["roles"]]
    return {name: value for name, _, _, value in entity["vcardArray"][1]}


def acts(company: Company, subject: str) -> list[str]:
    """What the ledger has about somebody, in order."""
    bodies = company.rows("SELECT body FROM ledger_entry") + company.rows(
        "SELECT body FROM ledger_pending"
    )
    found = [json.loads(bytes(body)) for (body,) in bodies]
    mine = sorted((one for one in found if one["subject"] == subject), key=lambda one: one["at"])
    return [one["act"] for one in mine]


def links_to(page: Page, part: str) -> list[str]:
    return re.findall(rf'href="([^"]*{part}[^"]*)"', page.text)
