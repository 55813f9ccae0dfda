"""The demo's shop: a few products, orders in every state, and a stand-in that takes cards."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Final

from troth.channels.billing import api as billing
from troth.core import clock
from troth.core.actors import Actor
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.hub.demo.answers import answers
from troth.hub.demo.cast import Human
from troth.hub.demo.history import MONTHS, History
from troth.hub.demo.standin.serving import StandIn
from troth.hub.home import Home

SYSTEM: Final = Actor.system("demo")
KEY: Final = "sk_test_demo"  # of a stand-in on this machine
SECRET: Final = "whsec_demo"  # noqa: S105 - as above
SOLD: Final = (
    billing.Offer(
        "starter", "Starter", 900, "USD", "month", "For one person to begin with.", shown=True
    ),
    billing.Offer("team", "Team", 4900, "USD", "month", "For up to ten people.", shown=True),
    billing.Offer("set-up", "Set-up", 25000, "USD", "once", "We set it up in a day.", shown=True),
)
STATES: Final = ("done", "paid", "done", "unpaid", "refunded", "done", "invoiced")


def plan(history: History) -> None:
    """Put the catalogue and the orders among the events; nothing, where nothing may be sold."""
    if not billing.sells():
        return
    history.add(history.now - MONTHS, _stock)
    choose = Random("shop")  # noqa: S311 - repeatable on purpose, and apart from the rest
    for number, human in enumerate(history.humans[2::17]):
        at = history.now - (MONTHS - timedelta(days=9)) * choose.random()
        history.add(at, _order(history, human, STATES[number % len(STATES)], choose))


def connect(home: Home, organisation: Organisation) -> None:
    """Have the shop pay at the stand-in of this start."""
    address = f"http://127.0.0.1:{_port(home)}"
    with scope(organisation):
        found = billing.till()
        if billing.sells() and (found is None or found.api != address):
            billing.connect(actor=SYSTEM, key=KEY, hook=SECRET, api=address, pages=address)


def stand_in(home: Home) -> Callable[[], None]:
    """Start the stand-in, on an origin of its own. Returns what stops it."""
    url = home.option("url").rstrip("/")
    return StandIn(_port(home), key=KEY, secret=SECRET, hook=f"{url}/payments/heard").start()


def _port(home: Home) -> int:
    return int(home.option("till_port", "11025"))


def _stock() -> None:
    for offer in SOLD:
        billing.make(offer, actor=SYSTEM)


def _order(history: History, human: Human, state: str, choose: Random) -> Callable[[], None]:
    def run() -> None:
        touchpoint = current().rules.touchpoints[billing.PLACE]
        product = billing.product(choose.choice(SOLD).slug)
        order = billing.place(
            product,
            choose.choice((1, 1, 1, 2, 3)),
            actor=Actor.visitor(),
            given=answers(touchpoint, human, choose),
            choices={},
            once=secrets.token_hex(16),
        )
        history.people.setdefault(human.email, order.person)
        owner = history.staff["owner"]
        if state == "unpaid":
            return
        billing.issue(order, actor=SYSTEM)
        if state == "invoiced":
            return
        later = clock.now() + timedelta(hours=3)
        history.add(later, lambda: billing.note_payment(order, actor=owner))
        if state == "done":
            history.add(later + timedelta(days=1), lambda: billing.fulfil(order, actor=owner))
        if state == "refunded":
            history.add(later + timedelta(days=2), lambda: billing.refund(order, actor=owner))

    return run
