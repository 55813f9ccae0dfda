"""People with an account, as they use it at their browsers; and the staff who look them up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from proofs.company import Company, submit
from support.pages import form
from support.reader import Page, Reader
from support.seeded import Seed

PASSWORD = "seven otters under a bridge"
REGISTER, LOG_IN = "/account/register/", "/account/login/"
ADDRESS = "12 Harbour Lane, Port Quill"


@dataclass
class Customer:
    """Somebody with an account, or about to have one."""

    company: Company
    reader: Reader
    seed: Seed = field(default_factory=Seed.new)
    password: str = PASSWORD

    @classmethod
    def new(cls, company: Company) -> Customer:
        """Somebody who has no account yet."""
        return cls(company, company.reader())

    @classmethod
    def with_account(cls, company: Company, **more: str) -> Customer:
        """Somebody who has registered, confirmed their address, and is logged in."""
        customer = cls.new(company)
        customer.register(**more)
        page = customer.confirm()
        assert urlsplit(page.url).path == "/account/", page.words
        return customer

    @property
    def username(self) -> str:
        return self.seed.email.partition("@")[0].replace(".", "-")

    def values(self) -> dict[str, str]:
        """What can be filled in, by the name of the field."""
        seed = self.seed
        return {
            "name": seed.name, "email": seed.email, "website": seed.website, "phone": seed.phone,
            "address": ADDRESS, "company": seed.company, "username": self.username,
            "password": self.password, "age": "yes",
        }  # fmt: skip

    def register(self, **more: str) -> Page:
        """Fill in all of the registration that the page asks for, and `more`."""
        page = self.reader.get(REGISTER)
        asked = form(page, "password").names()
        known = {name: value for name, value in self.values().items() if name in asked}
        return submit(self.reader, page, "password", **known | more)

    def confirm(self) -> Page:
        """Follow the link in the mail, with the password chosen before."""
        link = self.company.link(self.seed.email, "/account/confirm/")
        return submit(self.reader, self.reader.get(link), "password", password=self.password)

    def log_in(self, reader: Reader, name: str = "", password: str = "") -> Page:
        """Try to log in at some browser."""
        page = reader.get(LOG_IN)
        given = {"name": name or self.seed.email, "password": password or self.password}
        return submit(reader, page, "password", **given)


def is_in(reader: Reader) -> bool:
    """Whether somebody is logged in at this browser."""
    return urlsplit(reader.get("/account/").url).path == "/account/"


def look_up(staff: Reader, address: str, *, purpose: str) -> Page:
    """Find whoever has an address, for a purpose, which stays picked; their page."""
    page = staff.get("/console/people/find")
    return submit(staff, page, "q", q=address, purpose=purpose)


def pick(staff: Reader, page: Page, purpose: str) -> Page:
    """The same page once another purpose is picked on it."""
    submit(staff, page, to="/console/purpose", purpose=purpose)
    return staff.get(page.url)


def ref_of(page: Page) -> str:
    """The reference of the person a page of the console is about."""
    found = re.search(r"/console/people/([\w-]{8,})", page.url)
    assert found, page.words
    return found[1]
