"""Eighteen months of a small company's dealings with people, as a list of events in order of time.

Each event is one real action, run with the clock at its moment. Nothing is written past the gate.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Final

from django.contrib.auth.hashers import make_password

from troth.channels.accounts import api as accounts
from troth.channels.forms import actions as forms, slots
from troth.channels.forms.models import Submission
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.errors import Denied, Invalid
from troth.core.gate.merging import merge
from troth.core.gate.uses import use
from troth.core.notices.publish import publish
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.people.models import Person
from troth.core.staff.members import make_standard_roles
from troth.hub.demo.answers import answers
from troth.hub.demo.cast import Human

MONTHS: Final = timedelta(days=548)
NEWS: Final = timedelta(days=12)
"""How long ago the version in force was published, so that the home page still points at it."""
OPEN_SINCE: Final = timedelta(days=6)


@dataclass(order=True)
class Event:
    """Something that happened: when, and what to call for it."""

    at: datetime
    run: Callable[[], None] = field(compare=False)


@dataclass
class History:
    """Plans the events of one demo and runs them. `now` is the end of the history."""

    organisation: Organisation
    humans: list[Human]
    staff: dict[str, Actor]
    now: datetime
    choose: Random
    password: str
    events: list[Event] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)

    def plan(self, new_version: str | None) -> None:
        """Lay out everything that happens. `new_version` is published near the end."""
        rules = current().rules
        forms_open = [
            k for k, t in rules.touchpoints.items() if k.startswith("forms.") and t.fields
        ]
        asking = [key for key in forms_open if key != "forms.no-solicitation"]
        for number, human in enumerate(self.humans):
            first = self.now - MONTHS * self.choose.random() ** 1.3
            self.add(first, self._send(human, self.choose.choice(asking)))
            for _ in range(self.choose.choice((0, 0, 0, 1, 1, 2))):
                again = first + (self.now - first) * self.choose.random()
                self.add(again, self._send(human, self.choose.choice(asking)))
            later = first + (self.now - first) * self.choose.random()
            if number % 16 == 3 and accounts.REGISTER in rules.touchpoints:  # noqa: PLR2004
                self.add(first + timedelta(hours=2), self._register(human))
            if number % 5 == 1:
                self.add(later, self._decide(human))
            if number % 25 == 7 and "forms.no-solicitation" in forms_open:  # noqa: PLR2004
                self.add(later, self._send(human, "forms.no-solicitation"))
            if number % 40 == 9:  # noqa: PLR2004
                self.add(later, self._send(human, self.choose.choice(asking), other=True))
                self.add(later + timedelta(hours=3), self._merge(human))
        if new_version is not None:
            self.add(self.now - NEWS, lambda: self._publish(new_version))

    def run(self, told: Callable[[int, int], None]) -> None:
        """Run all events in order of time; `told` hears how many of how many are done."""
        done = 0
        while self.events:
            event = heappop(self.events)
            with clock.at(event.at):
                event.run()
            done += 1
            told(done, done + len(self.events))

    def add(self, at: datetime, run: Callable[[], None]) -> None:
        """Have `run` called at its time, if that lies before the end."""
        if at < self.now:
            heappush(self.events, Event(at, run))

    def _send(self, human: Human, place: str, *, other: bool = False) -> Callable[[], None]:
        who = human.with_other_address() if other else human

        def run() -> None:
            touchpoint = current().rules.touchpoints[place]
            slot = self._slot() if any(f.key == "slot" for f in touchpoint.fields) else ""
            submission = forms.submit(
                actor=Actor.visitor(),
                touchpoint=place,
                given=answers(touchpoint, who, self.choose, slot),
                choices={},
                once=secrets.token_hex(16),
            )
            self.people.setdefault(who.email, submission.person)
            self._answer(submission)

        return run

    def _slot(self) -> str:
        days = slots.free(self.organisation, current().rules)
        return self.choose.choice(days[-1][1]).isoformat()

    def _answer(self, submission: Submission) -> None:
        """An agent opens what came, some time later, and closes it."""
        at = clock.now() + timedelta(minutes=self.choose.randint(20, 3000))
        agent = self.staff[self.choose.choice(("agent", "agent2"))]
        if self.now - at > OPEN_SINCE or self.choose.random() < 0.4:  # noqa: PLR2004
            self.add(at, lambda: self._deal_with(submission, agent))

    def _deal_with(self, submission: Submission, agent: Actor) -> None:
        touchpoint = current().rules.touchpoints[submission.touchpoint]
        for purpose in (key for key in touchpoint.purposes if key in (agent.purposes or ())):
            try:
                with use(actor=agent, purpose=purpose, person=submission.person):
                    break
            except Denied:
                continue
        forms.mark(submission, actor=agent, state=Submission.State.DONE)

    def _register(self, human: Human) -> Callable[[], None]:
        def run() -> None:
            touchpoint = current().rules.touchpoints[accounts.REGISTER]
            wanted = {
                key: (self.choose.random() < 0.5, purpose.label)  # noqa: PLR2004
                for key in touchpoint.purposes
                if "opt-in" in (purpose := current().rules.purposes[key]).basis
            }
            accounts.register(
                answers(touchpoint, human, self.choose),
                password=make_password(self.password, hasher="default"),
                choices=wanted,
                actor=Actor.visitor(),
            )
            waiting = accounts.Registration.objects.order_by("-created_at").first()
            if waiting is not None:
                registration = waiting
                self.add(
                    clock.now() + timedelta(minutes=9),
                    lambda: self._confirm(registration),
                )

        return run

    def _confirm(self, registration: accounts.Registration) -> None:
        accounts.confirm(registration, password=self.password)

    def _decide(self, human: Human) -> Callable[[], None]:
        def run() -> None:
            person = self.people.get(human.email)
            if person is None:
                return
            person.refresh_from_db()
            actor = Actor("person", person.ref, person_id=person.pk)
            if self.choose.random() < 0.1:  # noqa: PLR2004
                refuse_solicitation(person, actor=actor, refused=True, way="preference-link")
                return
            for key, purpose in current().rules.purposes.items():
                if purpose.basis not in {"essential", "prohibited"} and self.choose.random() < 0.5:  # noqa: PLR2004
                    yes = self.choose.random() < (0.6 if "opt-in" in purpose.basis else 0.25)
                    wording = f"{purpose.label}: {purpose.text}".strip(": ")
                    choose(
                        person,
                        actor=actor,
                        purpose=key,
                        yes=yes,
                        way="preference-link",
                        wording=wording,
                    )

        return run

    def _merge(self, human: Human) -> Callable[[], None]:
        def run() -> None:
            one = self.people.get(human.email)
            double = self.people.get(human.with_other_address().email)
            if one is not None and double is not None and one.pk != double.pk:
                try:
                    merge(double, into=one, actor=self.staff["owner"])
                except Invalid:
                    return  # joined already

        return run

    def _publish(self, source: str) -> None:
        publish(source, actor=self.staff["owner"])
        # What is new in it is in nobody's role before somebody puts it there.
        make_standard_roles({key: p.use for key, p in current().rules.purposes.items()})


__all__ = ["MONTHS", "NEWS", "Event", "History"]
