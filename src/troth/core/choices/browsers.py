"""A known person's choices about cookies, category by category: the event and the ledger.

They let no data be used, so no permit follows from them and the gate does not ask: what they
decide is whether the person's browser is given a cookie at all. The latest of a category stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices import acts
from troth.core.choices.evidence import evidence
from troth.core.choices.models import Choice
from troth.core.gate.permits import lock
from troth.core.inserting import insert
from troth.core.ledger.api import Draft, Opening, record_many
from troth.core.notices.versions import Published
from troth.core.people.models import Person

COOKIES: Final = "*cookies"
"""What stands in the place of a purpose in such a choice; its manner is the category."""
ACTS: Final = {
    Choice.Decision.GIVEN: acts.COOKIES_ACCEPTED,
    Choice.Decision.RENEWED: acts.COOKIES_ACCEPTED,
    Choice.Decision.REFUSED: acts.COOKIES_DECLINED,
    Choice.Decision.WITHDRAWN: acts.COOKIES_WITHDRAWN,
}
YES: Final = (Choice.Decision.GIVEN, Choice.Decision.RENEWED)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of a category, in the words that stood beside its switch."""

    yes: bool
    wording: str
    clause: str = ""


def cookie_choices(person: Person) -> dict[str, Choice]:
    """The last choice about each category of cookies."""
    latest: dict[str, Choice] = {}
    for choice in Choice.objects.filter(person__root_id=person.root_id, purpose=COOKIES):
        latest.setdefault(choice.manner, choice)
    return latest


@action
def choose_cookies(
    person: Person,
    answers: Mapping[str, Answer],
    *,
    actor: Actor,
    way: str,
    published: Published,
) -> list[Choice]:
    """Record what a person said of categories of cookies under this version, which was shown to
    them. What was said before, under the same version, is not said again. Returns what changed.
    """
    lock(person.root_id)
    before, now = cookie_choices(person), clock.now()
    choices, drafts = [], []
    for category, answer in answers.items():
        decision = _decision(before.get(category), answer, published.version)
        if decision is None:
            continue
        choice = Choice(
            organisation_id=person.organisation_id,
            person_id=person.pk,
            purpose=COOKIES,
            manner=category,
            decision=decision,
            wording=answer.wording,
            language=published.policy.language,
            version=published.version,
            way=way,
            at=now,
        )
        opening = Opening.of(evidence(choice, published))
        choice.salt = opening.salt
        choices.append(choice)
        drafts.append(
            Draft(
                act=ACTS[decision],
                actor=actor,
                subject=person.ref,
                clause=answer.clause,
                version=published.version,
                commitment=opening.commitment(),
                detail={"way": way, "manner": category},
            )
        )
    for choice, entry in zip(choices, record_many(person.organisation_id, drafts), strict=True):
        choice.entry = entry
    insert(choices)
    return choices


def _decision(last: Choice | None, answer: Answer, version: str) -> Choice.Decision | None:
    """What an answer is after the last one; None if it says the same again."""
    given = last is not None and last.decision in YES
    if answer.yes:
        if not given:
            return Choice.Decision.GIVEN
        same = last is not None and last.version == version
        return None if same else Choice.Decision.RENEWED
    if given:
        return Choice.Decision.WITHDRAWN
    return Choice.Decision.REFUSED if last is None else None
