"""A version with a new recipient is published, and data given before is passed on.

It is published in a transaction that is rolled back, so nobody is told of it.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from django.db import transaction

from troth.core import clock
from troth.core.errors import Invalid
from troth.core.gate.denials import UseDenied
from troth.core.gate.telling import tell
from troth.core.gate.uses import use
from troth.core.gate.why import why
from troth.core.notices.publish import publish
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.hub.demo.holding.outcome import ACTOR, Outcome, Step, called
from troth.hub.demo.vouching import vouch
from troth.kit.words import day
from troth.policy import Comparison, Policy, compare, read

EMAIL: Final = "user.contact.email"
KEY: Final = "fairweather"
NAME: Final = "Fairweather Data"
_VERSION: Final = re.compile(r"^(version = )\"([^\"]+)\"", re.MULTILINE)


def attempt() -> Outcome:
    """Compare, publish, pass on; then tell the person, and let their time to refuse go by."""
    found = _somebody()
    if found is None:
        return Outcome(held=True, verdict="Nobody’s address is held that could be passed on.")
    person, purpose = found
    before = current()
    added, source = widened(before.policy, purpose)
    after = read(source, name="new.toml").policy
    if after is None:
        raise Invalid(
            "The version with one more recipient could not be made.",
            why="The policy it was made of is written in a way this try does not know.",
            do="Correct `widened` in troth.hub.demo.holding.recipient.",
        )
    steps = _compared(added, compare(before.policy, after))
    with transaction.atomic():
        publish(source, actor=ACTOR)
        vouch(KEY)  # it is bound as it has to be: what is tried is people's time to refuse
        tries = _passed_on(person, purpose, after)
        transaction.set_rollback(True)
    steps += [step for _, step in tries]
    steps.append(
        Step("Rolled back", "undo", f"Version {current().version} is in force, as it was before.")
    )
    opened = [was for was, _ in tries]
    return Outcome.under(
        _telling(before.policy),
        held=compare(before.policy, after).material and opened == [False, False, True],
        verdict="Refused, until people know and have had time to say no.",
        why="Nobody has to remember that: what was given under one version stays bound to it.",
        steps=steps,
    )


def _somebody() -> tuple[Person, str] | None:
    """Whose address came last, and a purpose that needs no choice of theirs."""
    held = Element.objects.filter(category=EMAIL, person__root__restricted_at__isnull=True)
    rules = current().rules
    for element in held.select_related("person__root").order_by("-collected_at")[:20]:
        for key, purpose in rules.purposes.items():
            if purpose.basis == "essential" and (
                why(purpose=key, category=EMAIL, person=element.person).allowed
            ):
                return element.person.root, key
    return None


def widened(policy: Policy, purpose: str) -> tuple[str, str]:
    """What is added, with the safeguards the policy asks for, and the whole source with it."""
    section = policy.shares[-1].clause.rpartition(".")[0]
    numbers = [c.clause for c in policy.clauses if c.clause.rpartition(".")[0] == section]
    last = max(int(number.rpartition(".")[2]) for number in numbers)
    bound = dict.fromkeys(("dpa", *(asked.one_of[0] for asked in policy.safeguards)))
    safeguards = ", ".join(f'"{one}"' for one in bound)
    until = clock.now().date() + timedelta(days=365)
    added = (
        f'[recipients.{KEY}]\nclause = "{section}.{last + 1}"\nname = "{NAME}"\n'
        f'kind = "processor"\ncountry = "{policy.company.country or "US"}"\n'
        f"safeguards = [{safeguards}]\nexpires = {until}\n"
        f'text = "{NAME} knows more about the people who write to us."\n\n'
        f'[[share]]\nclause = "{section}.{last + 2}"\nwith = ["{KEY}"]\ndata = ["{EMAIL}"]\n'
        f'for = ["{purpose}"]\ntext = "{NAME} gets your e-mail address."\n'
    )
    whole = f"{policy.source.rstrip()}\n\n{added}"
    return added, _VERSION.sub(r'\1"\2-wider"', whole, count=1)


def _compared(added: str, found: Comparison) -> list[Step]:
    material = [change.sentence for change in found.changes if change.material]
    return [
        Step("You tried", "edit", "To add one recipient and one line to the policy file.", added),
        Step(
            "Compared with the version in force",
            "caution" if found.material else "bad",
            "By what it does, not by its words: people must be told of this."
            if found.material
            else "Nothing that people must be told of.",
            "\n".join(material),
        ),
    ]


def _passed_on(person: Person, purpose: str, policy: Policy) -> list[tuple[bool, Step]]:
    """Whether the address would go, each time: untold, told, and once the time is over."""
    untold = _try(person, purpose, "You published it", "share", "")
    told = tell(person, actor=ACTOR, version=policy.version, way="page")
    waiting = _try(
        person,
        purpose,
        "You told them",
        "mail",
        f"They have until {day(told.opens_at.date())} to refuse. ",
    )
    with clock.at(told.opens_at + timedelta(minutes=1)):
        over = _try(person, purpose, "After that day", "clock", "They did not refuse. ")
    return [untold, waiting, over]


def _try(person: Person, purpose: str, label: str, icon: str, before: str) -> tuple[bool, Step]:
    code = f'use(purpose="{purpose}", data=["{EMAIL}"], to="{KEY}", person={person.ref[:6]})'
    try:
        with use(actor=ACTOR, purpose=purpose, data=[EMAIL], person=person, to=KEY):
            said, opened = f"Now the address of {called(person)} may go.", True
    except UseDenied as denied:
        said, opened = f"The gate said: {denied.what} {denied.why}", False
    return opened, Step(label, icon, before + said, code)


def _telling(policy: Policy) -> str:
    """The clause that gives people the time to refuse."""
    timed = [change.clause for change in policy.changes if change.window]
    return timed[-1] if timed else (policy.changes[-1].clause if policy.changes else "")
