"""What can be done with forms: send one, deal with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from troth.channels.forms import acts, followups
from troth.channels.forms.models import Submission
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.asking import ask
from troth.core.choices.deciding import choose
from troth.core.choices.objecting import object_to_sharing
from troth.core.gate.collecting import Collecting, collect
from troth.core.gate.denials import Attempt, UseDenied, record_denial
from troth.core.inserting import insert
from troth.core.ledger.api import Opening, record
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.people.records import Given
from troth.policy import Touchpoint

EMAIL: Final = "user.contact.email"


def submit(
    *,
    actor: Actor,
    touchpoint: str,
    given: Sequence[Given],
    choices: Mapping[str, tuple[bool, str]],
    once: str,
    objects: bool = False,
    answered: bool = True,
) -> Submission:
    """Take a form: collect what the clause permits, make the choices, follow up, record.

    `answered` is False where the caller sends a mail of its own; a yes that waits is still asked
    for by ours. `once` is random to the page it was sent from: the same content sent again with it
    is the same submission, however often it comes. `objects`: it came from a browser that asks for
    Global Privacy Control. Raises `UseDenied` for data outside the clause.
    """
    content = (once, [(g.name, g.text) for g in given], sorted(choices.items()))
    digest = sha256(repr(content).encode()).digest()
    for last in (False, True):
        if (found := ask(Submission, "id", once=digest)) is not None:
            return Submission.objects.get(pk=found)
        try:
            with _unspoiled():
                return _submit(
                    actor=actor,
                    touchpoint=touchpoint,
                    given=given,
                    choices=choices,
                    once=digest,
                    objects=objects,
                    answered=answered,
                )
        except IntegrityError:
            # The same sending, or another of the same address, at the same moment: look again.
            if last:
                raise
    raise AssertionError  # the loop returns or raises


def _unspoiled() -> AbstractContextManager[None]:
    """A repeat must not spoil a transaction around it, where there is one."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


@action
def _submit(
    *,
    actor: Actor,
    touchpoint: str,
    given: Sequence[Given],
    choices: Mapping[str, tuple[bool, str]],
    once: bytes,
    objects: bool,
    answered: bool,
) -> Submission:
    data = sorted({item.category for item in given})
    with collect(actor=actor, touchpoint=touchpoint, data=data) as collecting:
        person = collecting.person(given)
        opening = Opening.of({item.name: item.text for item in given})
        published = collecting.published
        entry = record(
            act=acts.SUBMITTED,
            organisation=person.organisation_id,
            actor=actor,
            subject=person.ref,
            clause=collecting.touchpoint.clause,
            version=published.version,
            data=data,
            commitment=opening.commitment(),
            detail={"touchpoint": touchpoint},
        )
        wishes = _wishes(actor, given, choices)
        submission = _make(collecting, person, opening, once, entry, wishes)
        collecting.hold(person, given, record=submission.pk)
        if collecting.left:
            submission.left = collecting.left
            submission.save(update_fields=["left"])
        for purpose, (yes, wording) in choices.items():
            if purpose not in wishes:
                choose(
                    person, actor=actor, purpose=purpose, yes=yes, way=touchpoint, wording=wording
                )
        if objects:
            object_to_sharing(person, actor=actor)
        if answered or wishes:
            followups.follow_up(submission, person, given, published.rules, actor=actor)
    return submission


def _wishes(
    actor: Actor, given: Sequence[Given], choices: Mapping[str, tuple[bool, str]]
) -> dict[str, str]:
    """Each yes that waits to be confirmed by mail, with its wording.

    Anybody can write anybody's address into a form. A no may act at once; a yes counts only when
    it comes from whoever reads that address.
    """
    if actor.kind != "visitor" or not any(item.category == EMAIL for item in given):
        return {}
    return {purpose: wording for purpose, (yes, wording) in choices.items() if yes}


@action
def confirm(submission: Submission, *, actor: Actor) -> None:
    """Count the yes of a form, from whoever got the mail. Doing it again changes nothing."""
    for purpose, wording in submission.wishes.items():
        if purpose in current().rules.purposes:
            choose(
                submission.person,
                actor=actor,
                purpose=purpose,
                yes=True,
                way=submission.touchpoint,
                wording=wording,
            )


def _make(
    collecting: Collecting,
    person: Person,
    opening: Opening,
    once: bytes,
    entry: UUID,
    wishes: dict[str, str],
) -> Submission:
    made = Submission(
        organisation_id=person.organisation_id,
        person_id=person.pk,
        touchpoint=collecting.touchpoint.key,
        clause=collecting.touchpoint.clause,
        version=collecting.published.version,
        once=once,
        salt=opening.salt.hex(),
        entry=entry,
        wishes=wishes,
        sent_at=clock.now(),
    )
    insert([made])
    return made


def note_strangers(*, actor: Actor, touchpoint: Touchpoint, version: str) -> None:
    """Put on the ledger that somebody sent data the clause does not have. None of it is kept."""
    record_denial(
        UseDenied(
            "A form was sent with more than its clause names.",
            why="Only what the clause names may be collected.",
            do="Send the form as it is shown.",
            clause=touchpoint.clause,
            attempt=Attempt(actor, "collect", "", (), version=version, reason="not-in-clause"),
        )
    )


@action
def mark(submission: Submission, *, actor: Actor, state: str) -> None:
    """Set a submission open or done."""
    actor.needs("inbox.read")
    submission.state = Submission.State(state)
    submission.save(update_fields=["state"])
    record(
        act=acts.HANDLED,
        organisation=submission.organisation_id,
        actor=actor,
        subject=submission.person.ref,
        clause=submission.clause,
        version=submission.version,
        detail={"state": state},
    )
