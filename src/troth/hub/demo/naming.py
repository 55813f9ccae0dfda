"""The demo's domains, where the company registers any: ordered and confirmed by real actions."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from troth.channels.domains import api as domains
from troth.core.actors import Actor
from troth.core.notices.versions import current
from troth.core.people.records import Given
from troth.hub.demo.answers import answers
from troth.hub.demo.cast import Human
from troth.hub.demo.history import History

EACH: Final = 12
"""Of so many humans one has a domain."""
DAYS: Final = 200


def plan(history: History) -> None:
    """Put the orders among the events; the last of them still wait to be entered."""
    if not domains.offered():
        return
    owners = history.humans[3::EACH]
    for number, human in enumerate(owners):
        days = DAYS * (1 - (number + 1) / (len(owners) + 1))
        contact = history.humans[(number * EACH + 7) % len(history.humans)]
        entered = number < len(owners) - 2
        run = _order(history, human, contact if number % 3 == 1 else None, number, entered=entered)
        history.add(history.now - timedelta(days=days), run)


def _order(
    history: History, human: Human, contact: Human | None, number: int, *, entered: bool
) -> Callable[[], None]:
    def run() -> None:
        touchpoint = current().rules.touchpoints[domains.AT]
        name = f"{human.username.replace('.', '-').replace('_', '-')}-{number + 1}.example"
        said = [
            Given(one.name, one.category, name if one.category == domains.NAME else one.text)
            for one in answers(touchpoint, human, history.choose)
        ]
        optional = [f for f in touchpoint.fields if f.category == domains.EMAIL and not f.required]
        given = [one for one in said if one.name not in {field.key for field in optional}]
        if contact is not None:
            given += [Given(field.key, field.category, contact.email) for field in optional]
        shown = [one.name for one in given if one.category == "user.contact.organization"]
        order = domains.hold_back(
            actor=Actor.visitor(), given=given, shown=shown, once=secrets.token_hex(16)
        )
        made = domains.confirm(order)
        history.people.setdefault(human.email, made.person)
        if entered:
            domains.entered(made, actor=history.staff["owner"])

    return run
