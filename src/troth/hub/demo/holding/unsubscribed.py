"""A letter goes to somebody who said no to letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from troth.core.choices.acts import NO_SOLICITATION, REFUSED, WITHDRAWN
from troth.core.gate import acts
from troth.core.gate.audiences import audience
from troth.core.gate.denials import UseDenied
from troth.core.gate.models import Permit, Stance
from troth.core.gate.permits import solicits
from troth.core.gate.uses import use_many
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.hub.console.queries.ledger import Filter, newest as newest_of_all
from troth.hub.demo.holding.outcome import ACTOR, Entry, Outcome, Step, called, newest
from troth.kit.words import plural

EMAIL: Final = "user.contact.email"


def attempt() -> Outcome:
    """Put somebody who said no among those who did not, and write to all of them at once."""
    found = _somebody()
    if found is None:
        return Outcome(held=True, verdict="Nobody here has said no to letters yet.")
    person, purpose = found
    willing = list(audience(purpose=purpose, data=[EMAIL]).values_list("person_id", flat=True))
    label = current().rules.purposes[purpose].label
    said_no = next(filter(None, (newest(act, person) for act in _NO)), None)
    steps = [
        Step("They said no", "person", f"It is on the ledger of {called(person)}.", entry=said_no),
        Step(
            "You tried",
            "mail",
            f"To send “{label}” to the {plural(len(willing), 'address', 'addresses')} that may "
            "have it, and to theirs, slipped in between.",
            f'use_many(purpose="{purpose}", data=["{EMAIL}"], people={len(willing) + 1})',
        ),
    ]
    try:
        with use_many(actor=ACTOR, purpose=purpose, data=[EMAIL], people=[*willing, person.pk]):
            pass
    except UseDenied as denied:
        steps += [
            Step("The gate said", "refusal", f"{denied.what} {denied.why}", clause=denied.clause),
            Step("On the ledger", "ledger", "The try itself was recorded.", entry=_last_denial()),
            _without(willing, person),
        ]
        return Outcome.under(
            denied.clause,
            held=person.pk not in willing,
            verdict="Refused: nobody got anything.",
            why="One who said no stops the whole sending, so that no list made elsewhere slips by.",
            steps=steps,
        )
    return Outcome.under("", held=False, verdict="It was opened.", why="", steps=steps)


_NO: Final = (REFUSED, WITHDRAWN, NO_SOLICITATION)


def _somebody() -> tuple[Person, str] | None:
    """Who said no last, and to which letters; they would have their address used otherwise."""
    rules = current().rules
    letters = [key for key in rules.purposes if solicits(key, rules)]
    no = Stance.objects.filter(decision=Stance.Decision.REFUSED, manner="").order_by("-at")
    for stance in no.select_related("person__root"):
        person = stance.person.root
        closed = Permit.objects.filter(
            person_id=person.pk, category=EMAIL, purpose__in=letters, usable_from__isnull=True
        )
        if stance.purpose not in Stance.MARKS:
            closed = closed.filter(purpose=stance.purpose)
        if (permit := closed.first()) and person.restricted_at is None:
            return person, permit.purpose
    return None


def _last_denial() -> Entry | None:
    lines = newest_of_all(Filter(act=acts.DENIED), limit=1).lines
    return Entry.of(lines[0]) if lines else None


def _without(willing: Sequence[UUID], person: Person) -> Step:
    among = "among them" if person.pk in willing else "not among them"
    return Step(
        "The list the software makes",
        "list",
        f"It asks the gate first: {plural(len(willing), 'person', 'people')}, and "
        f"{called(person)} is {among}.",
    )
