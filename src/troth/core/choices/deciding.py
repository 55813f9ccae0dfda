"""Making a choice: the event, the state the gate asks, the ledger; all at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices import acts
from troth.core.choices.evidence import evidence
from troth.core.choices.models import Choice
from troth.core.errors import Invalid
from troth.core.gate.manners import recipient
from troth.core.gate.models import Stance
from troth.core.gate.permits import lock, settle, standing_of
from troth.core.inserting import insert
from troth.core.ledger.api import Opening, record
from troth.core.notices.versions import Published, current
from troth.core.people.models import Person
from troth.core.people.records import family

NO_SOLICITATION: Final = {
    "": "Contact me for nothing that promotes anything, yours or your partners'.",
    "email": "Write me no mail that promotes anything, yours or your partners'.",
    "post": "Send me nothing by post that promotes anything, yours or your partners'.",
    "phone": "Do not call me to promote anything, yours or your partners'.",
}
"""The words of the mark against solicitation, as a whole and by channel."""
NO_SOLICITATION_WORDING: Final = NO_SOLICITATION[""]


ACTS: Final = {
    Choice.Decision.GIVEN: acts.GIVEN,
    Choice.Decision.RENEWED: acts.RENEWED,
    Choice.Decision.REFUSED: acts.REFUSED,
    Choice.Decision.WITHDRAWN: acts.WITHDRAWN,
}


@action
def choose(
    person: Person,
    *,
    actor: Actor,
    purpose: str,
    yes: bool,
    way: str,
    wording: str = "",
    manner: str = "",
) -> Choice | None:
    """Record the person's yes or no to a purpose, or to one manner of it (`gate.manners`).

    It holds from the end of this transaction. None if it was said before and changes nothing; a
    yes that runs out is renewed by being said again.
    """
    published = current()
    found = published.rules.purposes.get(purpose)
    if found is None:
        raise Invalid("There is no such purpose in the policy.", do="Reload the page.")
    # Of what is essential only the giving to somebody else can be refused, where a clause lets it.
    if found.basis == "essential" and not yes and not manner.startswith(recipient("")):
        raise Invalid(
            f"“{found.label}” belongs to what you asked for and cannot be switched off alone.",
            why="It is essential to the service.",
            clause=found.clause,
            do="Write to the privacy contact if you really want it stopped.",
        )
    lock(person.root_id)
    had = standing_of(person.root_id).stances.get((purpose, manner))
    decision = _decision(had, yes=yes)
    if decision is None:
        return None
    ends_at = published.rules.consent_ends(purpose, clock.now()) if yes else None
    said = Said(purpose, manner, decision, wording or found.label, way, ends_at)
    return _note(person, said, published, actor, ACTS[decision])


def _decision(had: Stance | None, *, yes: bool) -> Choice.Decision | None:
    """What this yes or no is, after what was said before; None if it says the same again."""
    before = had.decision if had else ""
    if yes:
        if before != Stance.Decision.GIVEN:
            return Choice.Decision.GIVEN
        return Choice.Decision.RENEWED if had and had.ends_at else None
    if before == Stance.Decision.REFUSED:
        return None
    given = before == Stance.Decision.GIVEN
    return Choice.Decision.WITHDRAWN if given else Choice.Decision.REFUSED


@action
def refuse_solicitation(
    person: Person, *, actor: Actor, refused: bool, way: str, manner: str = ""
) -> Choice | None:
    """Set or lift the mark against solicitation by the company and its partners alike; with
    `manner`, the mark against one channel of it.
    """
    published = current()
    lock(person.root_id)
    had = (Stance.SOLICITATION, manner) in standing_of(person.root_id).stances
    if had == refused:
        return None
    decision = Choice.Decision.REFUSED if refused else Choice.Decision.WITHDRAWN
    act = acts.NO_SOLICITATION if refused else acts.SOLICITATION_AGAIN
    wording = NO_SOLICITATION.get(manner, NO_SOLICITATION_WORDING)
    said = Said(Stance.SOLICITATION, manner, decision, wording, way)
    return _note(person, said, published, actor, act)


@action
def expire(*, limit: int = 500) -> int:
    """Note each yes that has run out; the gate stopped counting it at that moment already.

    Returns how many there were, at most `limit`: call again while it is that many.
    """
    published, now = current(), clock.now()
    ended = Stance.objects.filter(ends_at__lte=now).select_related("person").order_by("ends_at")
    rows = list(ended[:limit])
    people = {stance.person.root_id: stance.person for stance in rows}
    for root in sorted(people):
        lock(root)
    done: set[tuple[UUID, str, str]] = set()
    for stance in rows:
        person = stance.person
        key = (person.root_id, stance.purpose, stance.manner)
        if key in done or not Stance.objects.filter(pk=stance.pk, ends_at__lte=now).exists():
            continue
        done.add(key)
        found = published.rules.purposes.get(stance.purpose)
        said = Said(
            stance.purpose,
            stance.manner,
            Choice.Decision.EXPIRED,
            found.label if found else stance.purpose,
            "expiry",
        )
        _note(person, said, published, Actor.system("worker"), acts.EXPIRED)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Said:
    """A decision as it is about to be noted."""

    purpose: str
    manner: str
    decision: Choice.Decision
    wording: str
    way: str
    ends_at: datetime | None = None

    @property
    def stance(self) -> Stance.Decision | None:
        """What stands after it; None if nothing does."""
        if self.decision in (Choice.Decision.GIVEN, Choice.Decision.RENEWED):
            return Stance.Decision.GIVEN
        lifted = self.purpose == Stance.SOLICITATION and self.decision == Choice.Decision.WITHDRAWN
        if lifted or self.decision == Choice.Decision.EXPIRED:
            return None
        return Stance.Decision.REFUSED


def _note(person: Person, said: Said, published: Published, actor: Actor, act: str) -> Choice:
    now = clock.now()
    Stance.objects.filter(
        person__root_id=person.root_id, purpose=said.purpose, manner=said.manner
    ).delete()
    if (stance := said.stance) is not None:
        # On every record of the family, so that it stays when they are taken apart.
        Stance.objects.bulk_create(
            Stance(
                organisation_id=person.organisation_id,
                person_id=record_id,
                purpose=said.purpose,
                manner=said.manner,
                decision=stance,
                at=now,
                ends_at=said.ends_at,
            )
            for record_id in family(person.root_id)
        )
    settle(person.root_id, published.rules)
    choice = Choice(
        organisation_id=person.organisation_id,
        person_id=person.pk,
        purpose=said.purpose,
        manner=said.manner,
        decision=said.decision,
        wording=said.wording,
        language=published.policy.language,
        version=published.version,
        way=said.way,
        at=now,
        ends_at=said.ends_at,
    )
    opening = Opening.of(evidence(choice, published))
    detail = {"way": said.way} | ({"manner": said.manner} if said.manner else {})
    choice.salt = opening.salt
    choice.entry = record(
        act=act,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        purpose="" if said.purpose == Stance.SOLICITATION else said.purpose,
        clause=getattr(published.rules.purposes.get(said.purpose), "clause", ""),
        version=published.version,
        commitment=opening.commitment(),
        detail=detail,
    )
    insert([choice])
    return choice
