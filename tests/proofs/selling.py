"""Buying something: a product in the console, the checkout, the card at the payment company."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from proofs.company import Company
from support.pages import submit
from support.reader import Page, Reader
from support.seeded import Seed
from support.tills import KEY, SECRET, Till, till

CARD: Final = "4242 4242 4242 4242"
DECLINED: Final = "4000 0000 0000 0002"
ADDRESS: Final = "7 Quince Lane\nUpper Slaughter"


@dataclass
class Shop:
    """A company that sells one thing, and its account with the stand-in of a payment company."""

    company: Company
    till: Till
    address: str = "/shop/basic-plan/order"
    asked: dict[str, str] = field(default_factory=dict)

    def fields(self, seed: Seed, page: Page, **more: str) -> dict[str, str]:
        """What somebody writes into the checkout, by the names of its fields."""
        known = {"email": seed.email, "phone": seed.phone, "tax-id": "PT-" + seed.phone[-7:]}
        known |= dict.fromkeys(("name", "billing-name"), seed.name)
        known |= dict.fromkeys(("address", "billing-address"), ADDRESS)
        return {name: text for name, text in known.items() if page.inputs(name) or (
            f'name="{name}"' in page.text)} | more  # fmt: skip

    def order(self, seed: Seed, reader: Reader | None = None, **more: str) -> Page:
        """Fill in the checkout and send it: the payment company's page, if all is well."""
        reader = reader or self.company.reader()
        page = reader.get(self.address)
        return submit(reader, page, "nonce", **self.fields(seed, page, **more))

    def pay(self, page: Page, reader: Reader | None = None, number: str = CARD) -> Page:
        """Type a card there: back on the page of the order, if it is taken."""
        reader = reader or self.company.reader()
        return submit(reader, page, "number", number=number, expiry="12/34")

    def bought(self, seed: Seed) -> Page:
        """Order and pay: the page of the order."""
        return self.pay(self.order(seed))

    def mailed(self, seed: Seed) -> Page:
        """The page of somebody's newest order, by the link in their mail."""
        return self.company.reader().get(self.company.link(seed.email, "/orders/"))

    def ref(self, page: Page) -> str:
        """The reference of the order whose page this is."""
        [found] = set(re.findall(r"/orders/([0-9a-f]{32})~", page.url))
        return str(found)

    def held(self, ref: str) -> list[tuple[str, str, str]]:
        """Name, category and clause of all that is held of an order."""
        return [
            (str(name), str(category), str(clause))
            for name, category, clause in self.company.rows(
                "SELECT name, category, e.clause FROM people_element e JOIN billing_order o "
                "ON e.record = o.id WHERE o.ref = ? ORDER BY e.id",
                ref,
            )
        ]


def open_shop(stack: ExitStack, company: Company) -> Shop:
    """Put one product into the catalogue and connect the payment company, in the console."""
    there = stack.enter_context(till())
    there.set(hook=f"{company.site.url}/payments/heard")
    owner = company.staff("Owner")
    page = owner.get("/console/products/new")
    about = {"price": "12.50", "currency": "EUR", "period": "month", "shown": "on"}
    made = submit(owner, page, "slug", name="Basic plan", slug="basic-plan", text="Plain.", **about)
    assert "Basic plan" in made.words, made.words
    page = owner.get("/console/payments")
    secrets = {"key": KEY, "hook": SECRET}
    done = submit(owner, page, "key", **secrets, api=there.origin, pages=there.origin)
    assert done.status == 200, done.words
    return Shop(company, there)
