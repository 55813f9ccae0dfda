"""Making a choice: the event, the state the gate asks, the ledger; all at once."""

from __future__ import annotations

from dataclasses import dataclass

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices import acts
from troth.core.choices.models import Choice
from troth.core.errors import Invalid
from troth.core.gate.models import Stance
from troth.core.gate.permits import ASKING, lock, settle, standing_of
from troth.core.ledger.api import record
from troth.core.notices.versions import Published, current
from troth.core.people.models import Person
from troth.core.people.records import family

NO_SOLICITATION_WORDING = "Contact me for nothing that promotes anything, yours or your partners'."


@dataclass(frozen=True, slots=True)
class Switch:
    """One purpose on the preference page."""

    key: str
    label: str
    text: str
    clause: str
    basis: str
    on: bool
    fixed: bool
    since: Choice | None


@action
def choose(
    person: Person, *, actor: Actor, purpose: str, yes: bool, way: str, wording: str = ""
) -> None:
    """Record the person's yes or no to a purpose. It holds from the end of this transaction."""
    published = current()
    found = published.rules.purposes.get(purpose)
    if found is None:
        raise Invalid("There is no such purpose in the policy.", do="Reload the page.")
    if found.basis == "essential" and not yes:
        raise Invalid(
            f"“{found.label}” belongs to what you asked for and cannot be switched off alone.",
            why="It is essential to the service.",
            clause=found.clause,
            do="Write to the privacy contact if you really want it stopped.",
        )
    lock(person.root_id)
    had = standing_of(person.root_id).stances.get(purpose, "")
    if yes:
        decision, act = Choice.Decision.GIVEN, acts.GIVEN
    elif had == Stance.Decision.GIVEN:
        decision, act = Choice.Decision.WITHDRAWN, acts.WITHDRAWN
    else:
        decision, act = Choice.Decision.REFUSED, acts.REFUSED
    if had == (Stance.Decision.GIVEN if yes else Stance.Decision.REFUSED):
        return  # said before; saying it again changes nothing
    _note(person, purpose, decision, wording or found.label, way, published, actor, act)


@action
def refuse_solicitation(person: Person, *, actor: Actor, refused: bool, way: str) -> None:
    """Set or lift the mark against solicitation by the company and its partners alike."""
    published = current()
    lock(person.root_id)
    decision = Choice.Decision.REFUSED if refused else Choice.Decision.WITHDRAWN
    act = acts.NO_SOLICITATION if refused else acts.SOLICITATION_AGAIN
    _note(
        person, Stance.SOLICITATION, decision, NO_SOLICITATION_WORDING, way, published, actor, act
    )


def _note(
    person: Person,
    purpose: str,
    decision: str,
    wording: str,
    way: str,
    published: Published,
    actor: Actor,
    act: str,
) -> None:
    now = clock.now()
    Choice.objects.create(
        person_id=person.pk,
        purpose=purpose,
        decision=decision,
        wording=wording,
        language=published.policy.language,
        version=published.version,
        way=way,
        at=now,
    )
    Stance.objects.filter(person__root_id=person.root_id, purpose=purpose).delete()
    if not (purpose == Stance.SOLICITATION and decision == Choice.Decision.WITHDRAWN):
        given = decision == Choice.Decision.GIVEN
        stance = Stance.Decision.GIVEN if given else Stance.Decision.REFUSED
        # On every record of the family, so that it stays when they are taken apart.
        Stance.objects.bulk_create(
            Stance(
                organisation_id=person.organisation_id,
                person_id=record_id,
                purpose=purpose,
                decision=stance,
                at=now,
            )
            for record_id in family(person.root_id)
        )
    settle(person.root_id, published.rules)
    record(
        act=act,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        purpose="" if purpose == Stance.SOLICITATION else purpose,
        clause=getattr(published.rules.purposes.get(purpose), "clause", ""),
        version=published.version,
        detail={"way": way},
    )


def switches(person: Person) -> list[Switch]:
    """All purposes with what the person decided, for the preference page."""
    published = current()
    standing = standing_of(person.root_id)
    latest: dict[str, Choice] = {}
    for choice in Choice.objects.filter(person__root_id=person.root_id):
        latest.setdefault(choice.purpose, choice)
    found = []
    for key, purpose in published.rules.purposes.items():
        if purpose.basis == "prohibited":
            continue
        essential = purpose.basis == "essential"
        answer = standing.answer(key, published.rules)
        on = essential or (answer == "given" if purpose.basis in ASKING else answer != "refused")
        found.append(
            Switch(
                key,
                purpose.label,
                getattr(purpose, "text", ""),
                purpose.clause,
                purpose.basis,
                on,
                essential,
                latest.get(key),
            )
        )
    return found


def solicitation_refused(person: Person) -> bool:
    return Stance.objects.filter(
        person__root_id=person.root_id, purpose=Stance.SOLICITATION
    ).exists()
