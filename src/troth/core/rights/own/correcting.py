"""Putting values right: the new value takes the place of the old one, wherever it stands here."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.erasing import last_look
from troth.core.gate.permits import lock
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element
from troth.core.people.records import IDENTIFYING
from troth.core.rights import acts
from troth.core.rights.models import Request
from troth.core.rights.sources import Changes, Left, Subject
from troth.core.sealing.blind import blind_index
from troth.policy.taxonomy import covers

WORDS = ("user.content",)
"""What people wrote is theirs as they wrote it: no text replaces the others."""


def concerned(people: frozenset[UUID], key: str) -> QuerySet[Element]:
    """The elements that a change of `key` (an element of the policy, or a category) replaces.

    What is locked is kept as the law wants it, and was right when it was written.
    """
    mine = Element.objects.filter(Q(name=key) | Q(category=key), person__id__among=people)
    return mine.filter(locked_at=None)


def correct(subject: Subject, changes: Changes) -> int:
    """Replace the values. Raises `Invalid` for an identifier that somebody else has."""
    people, done, categories = frozenset(subject.records), 0, set[str]()
    with transaction.atomic():
        request = Request.objects.get(pk=subject.request)
        for root in sorted(people)[:1]:
            lock(root)
        with last_look(people, request.clause) as opening:
            for key, value in changes.items():
                rows = list(concerned(people, key))
                for element in rows:
                    if any(covers(words, element.category) for words in WORDS):
                        raise Invalid(
                            "What was written in a message is not replaced.",
                            do="Ask to delete it, or write the correction as a message.",
                        )
                    if element.value == value:
                        continue
                    if element.identifies and element.category in IDENTIFYING:
                        _nobody_elses(element, blind_index(opening, element.category, value))
                    element.value, element.verified_at = value, None
                    element.save(update_fields=["value", "index", "verified_at"])
                    done += 1
                    categories.add(element.category)
        if done:
            record(
                act=acts.CORRECTED,
                organisation=current_organisation_id(),
                actor=Actor.system("rights"),
                subject=subject.ref,
                clause=request.clause,
                version=current().version,
                data=sorted(categories),
                detail={"request": request.ref, "kind": request.kind},
            )
    return done


def check(subject: Subject, changes: Changes) -> list[Left]:
    """Read back what was to be replaced."""
    people, left = frozenset(subject.records), list[Left]()
    with last_look(people, ""):
        for key, value in changes.items():
            wrong = sum(element.value != value for element in concerned(people, key))
            left += [Left("people.Element", key, wrong)] if wrong else []
    return left


def _nobody_elses(element: Element, index: bytes) -> None:
    taken = Element.objects.filter(category=element.category, index=index, identifies=True)
    if taken.exclude(pk=element.pk).exists():
        raise Invalid(
            "This identifier belongs to another record.",
            why="It finds one person alone.",
            do="Join the two records first if they are one human.",
        )
