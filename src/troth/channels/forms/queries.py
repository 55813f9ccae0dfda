"""Reading submissions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from troth.channels.forms.models import SignUp, Submission
from troth.core import clock
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.gate import uses
from troth.core.ledger.api import Opening, receipt as ledger_receipt
from troth.core.notices.versions import current, version
from troth.core.people.models import Element


class SubmissionMissing(Missing):
    """There is no such submission, or it was erased."""


def by_ref(ref: str) -> Submission:
    found = Submission.objects.filter(ref=ref).select_related("person").first()
    if found is None:
        raise SubmissionMissing(
            "What this link led to is gone.", why="It was erased, or never was here."
        )
    return found


def sign_up_by_ref(ref: str) -> SignUp:
    """A sign-up that waits. Raises `SubmissionMissing` once it was confirmed or forgotten."""
    found = SignUp.objects.filter(ref=ref, expires_at__gt=clock.now()).first()
    if found is None:
        raise SubmissionMissing(
            "There is nothing left to confirm here.",
            why="It was confirmed already, or its time is over.",
            do="Send the form again if you still want to.",
        )
    return found


def elements(submission: Submission) -> list[Element]:
    """What was written in it, sealed."""
    return list(Element.objects.filter(record=submission.pk).order_by("id"))


def address(submission: Submission) -> str:
    """The e-mail address of whoever sent it, inside an open use; blank if none can be read."""
    for element in Element.objects.filter(
        person__root_id=submission.person.root_id, category="user.contact.email"
    ).order_by("-collected_at"):
        if isinstance(element.value, str):
            return element.value
    return ""


def purposes(submission: Submission) -> list[Any]:
    """The purposes it was collected for, as its own version names them."""
    rules = version(submission.version).rules
    touchpoint = rules.touchpoints.get(submission.touchpoint)
    return [rules.purposes[key] for key in touchpoint.purposes] if touchpoint else []


def wishes(submission: Submission) -> list[Any]:
    """The purposes whose yes waits to be confirmed, as far as the policy still has them."""
    purposes = current().rules.purposes
    return [purposes[key] for key in submission.wishes if key in purposes]


def title(submission: Submission) -> str:
    """What the form was called when it was sent."""
    touchpoint = version(submission.version).rules.touchpoints.get(submission.touchpoint)
    return touchpoint.title if touchpoint else submission.touchpoint


def left(submission: Submission) -> list[str]:
    """What was sent and is not held, by the labels of its fields."""
    known = labels(submission)
    return [known.get(name, name) for name in submission.left]


def labels(submission: Submission) -> dict[str, str]:
    """The words its fields had, by element."""
    touchpoint = version(submission.version).rules.touchpoints.get(submission.touchpoint)
    return {field.key: field.label for field in touchpoint.fields} if touchpoint else {}


def receipt(submission: Submission) -> dict[str, Any]:
    """The ledger's receipt with what opens its commitment, for the person who sent it."""
    if submission.entry is None:
        raise SubmissionMissing("There is no receipt for this.")
    # Whoever holds the link given at sending; that it is the person is not known.
    with uses.own(person=submission.person, actor=Actor.visitor()):
        values = {element.name: element.value for element in elements(submission)}
        opening = Opening(bytes.fromhex(submission.salt), values)
    committed = opening if values else None
    return ledger_receipt(submission.entry, committed)


def inbox(state: str) -> QuerySet[Submission]:
    # What other parts ask with a form of theirs is dealt with there.
    found = Submission.objects.select_related("person").filter(touchpoint__startswith="forms.")
    return found.filter(state=state) if state in Submission.State.values else found
