"""Making a choice: the event, the state the gate asks, the ledger; all at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import remove
from troth.core.choices import acts
from troth.core.choices.evidence import evidence
from troth.core.choices.models import Choice
from troth.core.errors import Invalid
from troth.core.gate.above import reached
from troth.core.gate.manners import STOPPED, recipient
from troth.core.gate.models import Stance
from troth.core.gate.permits import Standing, lock, settle_under, solicits, standing_of
from troth.core.inserting import insert, insert_values
from troth.core.ledger.api import Draft, Opening, record_many
from troth.core.notices.versions import Published, current
from troth.core.people.models import Person

NO_SOLICITATION: Final = {
    "": "Contact me for nothing that promotes anything, yours or your partners'.",
    "email": "Write me no mail that promotes anything, yours or your partners'.",
    "post": "Send me nothing by post that promotes anything, yours or your partners'.",
    "phone": "Do not call me to promote anything, yours or your partners'.",
}
"""The words of the mark against solicitation, as a whole and by channel."""
NO_SOLICITATION_WORDING: Final = NO_SOLICITATION[""]
ABOVE: Final = {
    Stance.COLLECTION: "Collect nothing about me, and use nothing, that the service does not need.",
    Stance.ONWARD: "Give nothing of mine to others, unless the service itself needs it or a law.",
}
"""The words of the other two marks that stand above the single choices."""
MARKED: Final = {
    Stance.SOLICITATION: (acts.NO_SOLICITATION, acts.SOLICITATION_AGAIN),
    Stance.COLLECTION: (acts.COLLECTION_REFUSED, acts.COLLECTION_AGAIN),
    Stance.ONWARD: (acts.ONWARD_REFUSED, acts.ONWARD_AGAIN),
}
"""The acts of a mark: set, and lifted."""


_on_choice: Final[list[Callable[[Person, Collection[str]], None]]] = []


def on_choice(hear: Callable[[Person, Collection[str]], None]) -> None:
    """Have `hear` called when somebody decided about purposes (or `Stance.MARKS`), in the
    transaction of it.
    """
    if hear not in _on_choice:  # `ready()` may run again
        _on_choice.append(hear)


ACTS: Final = {
    Choice.Decision.GIVEN: acts.GIVEN,
    Choice.Decision.RENEWED: acts.RENEWED,
    Choice.Decision.REFUSED: acts.REFUSED,
    Choice.Decision.WITHDRAWN: acts.WITHDRAWN,
    Choice.Decision.EXPIRED: acts.EXPIRED,
}
_STANDING: Final = ("person_id", "purpose", "manner", "decision", "at", "ends_at")


@dataclass(frozen=True, slots=True)
class Wish:
    """A yes or no to a purpose, or to one manner of it (`gate.manners`).

    A yes to one of `Stance.MARKS`, such as that against solicitation, lifts it; a no sets it.
    """

    purpose: str
    yes: bool
    manner: str = ""
    wording: str = ""


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
    return _decide_one(person, Wish(purpose, yes, manner, wording), actor, way)


@action
def refuse_solicitation(
    person: Person, *, actor: Actor, refused: bool, way: str, manner: str = ""
) -> Choice | None:
    """Set or lift the mark against solicitation by the company and its partners alike; with
    `manner`, the mark against one channel of it.
    """
    return _decide_one(person, Wish(Stance.SOLICITATION, not refused, manner), actor, way)


def _decide_one(person: Person, wish: Wish, actor: Actor, way: str) -> Choice | None:
    published = current()
    lock(person.root_id)
    standing = standing_of(person.root_id)
    made = decide(person, [wish], actor=actor, way=way, standing=standing, published=published)
    return made[0] if made else None


@action
def decide(
    person: Person,
    wishes: Iterable[Wish],
    *,
    actor: Actor,
    way: str,
    standing: Standing,
    published: Published,
) -> list[Choice]:
    """Record several decisions of one moment; returns those that change anything, in order.

    `standing` is the person's as it is: read after `permits.lock`, so that nobody changes it.
    `published` is the version in force.
    """
    before = {key: one.decision for key, one in standing.stances.items()}
    renewable = {key for key, one in standing.stances.items() if one.ends_at}
    said: list[Said] = []
    for wish in wishes:
        key = (wish.purpose, wish.manner)
        one = _said(wish, before.get(key, ""), way, published, renewable=key in renewable)
        if one is not None:
            said.append(one)
            before[key] = one.stance or ""
    return _note(person, said, standing, published, actor) if said else []


def _said(
    wish: Wish, before: str, way: str, published: Published, *, renewable: bool
) -> Said | None:
    """What a wish is after what was decided `before`; None if it says the same again."""
    if wish.purpose in Stance.MARKS:
        if bool(before) != wish.yes:
            return None
        decision = Choice.Decision.WITHDRAWN if wish.yes else Choice.Decision.REFUSED
        solicited = NO_SOLICITATION.get(wish.manner, NO_SOLICITATION_WORDING)
        wording = ABOVE.get(wish.purpose, solicited)
        return Said(wish.purpose, wish.manner, decision, wording, way)
    found = published.rules.purposes.get(wish.purpose)
    if found is None:
        raise Invalid("There is no such purpose in the policy.", do="Reload the page.")
    # Of what is essential only the giving to somebody else can be refused, where a clause lets it.
    # Its mail is stopped by hand for whoever asks (`stopping`).
    apart = wish.manner == STOPPED or wish.manner.startswith(recipient(""))
    if found.basis == "essential" and not wish.yes and not apart:
        raise Invalid(
            f"“{found.label}” belongs to what you asked for and cannot be switched off alone.",
            why="It is essential to the service.",
            clause=found.clause,
            do="Write to the privacy contact if you really want it stopped.",
        )
    again = _decision(before, yes=wish.yes, renewable=renewable)
    if again is None:
        return None
    ends_at = published.rules.consent_ends(wish.purpose, clock.now()) if wish.yes else None
    return Said(wish.purpose, wish.manner, again, wish.wording or found.label, way, ends_at)


def _decision(before: str, *, yes: bool, renewable: bool) -> Choice.Decision | None:
    """What this yes or no is, after what was said before; None if it says the same again."""
    if yes:
        if before != Stance.Decision.GIVEN:
            return Choice.Decision.GIVEN
        return Choice.Decision.RENEWED if renewable else None
    if before == Stance.Decision.REFUSED:
        return None
    given = before == Stance.Decision.GIVEN
    return Choice.Decision.WITHDRAWN if given else Choice.Decision.REFUSED


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
        standing = standing_of(person.root_id)
        _note(person, [said], standing, published, Actor.system("worker"))
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
    def act(self) -> str:
        """Its name on the ledger."""
        if self.purpose in Stance.MARKS:
            return MARKED[self.purpose][self.decision == Choice.Decision.WITHDRAWN]
        if self.manner == STOPPED:
            return acts.STOPPED if self.stance == Stance.Decision.REFUSED else acts.RESUMED
        return ACTS[self.decision]

    @property
    def stance(self) -> Stance.Decision | None:
        """What stands after it; None if nothing does."""
        if self.decision in (Choice.Decision.GIVEN, Choice.Decision.RENEWED):
            return Stance.Decision.GIVEN
        lifted = self.purpose in Stance.MARKS and self.decision == Choice.Decision.WITHDRAWN
        if lifted or self.decision == Choice.Decision.EXPIRED:
            return None
        return Stance.Decision.REFUSED


def _note(
    person: Person, said: Sequence[Said], standing: Standing, published: Published, actor: Actor
) -> list[Choice]:
    """Write down what was said: what stands now, the permits that follow, choices and ledger."""
    now = clock.now()
    settle_under(_stand(person, said, standing, now), published.rules, _bearing(said, published))
    choices, drafts = [], []
    for one in said:
        choice = Choice(
            organisation_id=person.organisation_id,
            person_id=person.pk,
            purpose=one.purpose,
            manner=one.manner,
            decision=one.decision,
            wording=one.wording,
            language=published.policy.language,
            version=published.version,
            way=one.way,
            at=now,
            ends_at=one.ends_at,
        )
        opening = Opening.of(evidence(choice, published))
        choice.salt = opening.salt
        choices.append(choice)
        drafts.append(_draft(person, one, opening, published, actor))
    for choice, entry in zip(choices, record_many(person.organisation_id, drafts), strict=True):
        choice.entry = entry
    insert(choices)
    for hear in _on_choice:
        hear(person, {one.purpose for one in said})
    return choices


def _stand(person: Person, said: Sequence[Said], standing: Standing, now: datetime) -> Standing:
    """Replace what stands on the matters that were decided; returns what stands then."""
    last = {(one.purpose, one.manner): one for one in said}
    ended = [one.pk for one in standing.rows if (one.purpose, one.manner) in last]
    remove(Stance, ended)
    stances = {key: one for key, one in standing.stances.items() if key not in last}
    rows = []
    for key, one in last.items():
        if (decision := one.stance) is not None:
            matter = (*key, decision.value, now, one.ends_at)
            # On every record of the family, so that it stays when they are taken apart.
            rows += [(record_id, *matter) for record_id in standing.family]
            named = dict(zip(_STANDING, (person.pk, *matter), strict=True))
            stances[key] = Stance(organisation_id=person.organisation_id, **named)
    insert_values(Stance, _STANDING, rows)
    return replace(standing, stances=stances)


def _bearing(said: Iterable[Said], published: Published) -> set[str]:
    """The purposes whose permits a decision bears on: none, if it is about a recipient alone."""
    found: set[str] = set()
    for one in said:
        if one.purpose == Stance.SOLICITATION:
            found |= {key for key in published.rules.purposes if solicits(key, published.rules)}
        elif one.purpose in Stance.MARKS:
            found |= set(reached(one.purpose, published.rules))
        elif not one.manner.startswith(recipient("")):
            found.add(one.purpose)
    return found


def _draft(
    person: Person, said: Said, opening: Opening, published: Published, actor: Actor
) -> Draft:
    return Draft(
        act=said.act,
        actor=actor,
        subject=person.ref,
        purpose="" if said.purpose in Stance.MARKS else said.purpose,
        clause=getattr(published.rules.purposes.get(said.purpose), "clause", ""),
        version=published.version,
        commitment=opening.commitment(),
        detail={"way": said.way} | ({"manner": said.manner} if said.manner else {}),
    )
