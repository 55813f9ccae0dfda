"""Who acts in the tests of the console, and what they read."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from django.test import Client

from support.seeded import Seed
from troth.core.organisations.models import Organisation
from troth.core.people.models import Person


def words(answer: Any) -> str:
    """The text a person reads."""
    page = answer.content.decode()
    bare = re.sub(r"<(script|style|svg|head).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@dataclass(frozen=True)
class Customer:
    """One who wrote to the company, with all the values they gave."""

    seed: Seed
    person: Person

    @property
    def url(self) -> str:
        return f"/console/people/{self.person.ref}"


@dataclass
class Colleague:
    """A member of the staff at their browser."""

    browser: Client
    ref: str

    def get(self, path: str, **data: str) -> Any:
        return self.browser.get(path, data)

    def post(self, path: str, **data: Any) -> Any:
        return self.browser.post(path, data)

    def pick(self, purpose: str) -> None:
        answer = self.post("/console/purpose", purpose=purpose)
        assert answer.status_code == 302, words(answer)

    def reads(self, path: str, **data: str) -> str:
        answer = self.get(path, **data)
        assert answer.status_code == 200, f"{path} answered {answer.status_code}: {words(answer)}"
        return words(answer)


@dataclass(frozen=True)
class Company:
    """One organisation with its staff, one in each role, and a few customers."""

    organisation: Organisation
    staff: dict[str, Colleague]
    customers: list[Customer]

    def __getattr__(self, name: str) -> Colleague:
        try:
            return self.staff[name]
        except KeyError:
            raise AttributeError(name) from None
