"""The people of a demo: invented, the same on every machine, and reachable nowhere.

Addresses end in `.example` (RFC 2606). Telephone numbers come from ranges that are kept free for
fiction: 555-0100 to 555-0199 in North America, 020 7946 0xxx in London.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from random import Random
from typing import Final

LOCALES: Final = {
    "CA": ("en_CA", "fr_CA"),
    "GB": ("en_GB",),
    "US": ("en_US", "es_MX"),
}
AREAS: Final = {"CA": ("604", "778", "416"), "US": ("617", "415", "212")}
TRADES: Final = (
    *("Tea trade", "Bicycle repair", "Joinery", "Book shop", "Veterinary practice", "Software"),
    *("Language school", "Printing", "Tax advice", "Travel", "Garden centre", "Film festival"),
)
FICTIONAL: Final = 100


@dataclass(frozen=True, slots=True)
class Human:
    """One invented human with what they would write into a form."""

    name: str
    email: str
    other_email: str
    phone: str
    address: str
    company: str
    website: str
    username: str
    job: str
    trade: str

    def with_other_address(self) -> Human:
        """The same human writing from another address."""
        return replace(self, email=self.other_email)


def cast(country: str, count: int, *, seed: str) -> list[Human]:
    """`count` people of a country, always the same for one `seed`."""
    from faker import Faker  # noqa: PLC0415 - of the extra `demo`, and slow to import

    fake = Faker(list(LOCALES.get(country, LOCALES["US"])))
    fake.seed_instance(seed)
    choose = Random(seed)  # noqa: S311 - repeatable on purpose
    return [_human(fake, choose, country, number) for number in range(count)]


def _human(fake: object, choose: Random, country: str, number: int) -> Human:
    said = {
        name: str(getattr(fake, name)())
        for name in ("first_name", "last_name", "street_name", "city", "postcode", "company", "job")
    }
    first, last = said["first_name"], said["last_name"]
    plain = f"{_slug(first)}.{_slug(last)}"
    house = _slug(said["company"])[:30] or f"house{number}"
    return Human(
        name=f"{first} {last}",
        email=f"{plain}{number}@{house}.example",
        other_email=f"{_slug(first)}{number}@post.example",
        phone=_phone(choose, country),
        address=f"{choose.randint(1, 180)} {said['street_name']}\n{said['city']}\n"
        f"{said['postcode']}",
        company=said["company"],
        website=f"https://www.{house}.example",
        username=f"{_slug(first)}{number}",
        job=said["job"][:60],
        trade=choose.choice(TRADES),
    )


def _phone(choose: Random, country: str) -> str:
    if country == "GB":
        return f"+44 20 7946 0{choose.randint(0, 999):03d}"
    area = choose.choice(AREAS.get(country, AREAS["US"]))
    return f"+1 {area}-555-01{choose.randrange(FICTIONAL):02d}"


def _slug(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")
