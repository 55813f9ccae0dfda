"""Telling an author what became of what they wrote: by which clause, and how to object."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.urls import reverse

from troth.channels.cases import wording
from troth.core.actors import Actor
from troth.core.cases.api import Case, Concern
from troth.core.cases.hooks import on_closed
from troth.core.errors import Missing
from troth.core.gate.audiences import audience
from troth.core.notices.versions import current
from troth.kit import links
from troth.kit.outbox.api import Message, register_mail, send

KIND: Final = "cases.moderated"
LINK: Final = "cases.answer"
LIFE: Final = timedelta(days=60)
EMAIL: Final = "user.contact.email"
FITTING: Final = ("essential.service.notifications", "essential.legal_obligation", "essential")
"""Uses under which an author may be written to, the closest first."""


def register() -> None:
    register_mail(kind=KIND, template="casework/mail/moderated.md", context=_context)
    on_closed(Case.Kind.MODERATION, tell)


def tell(case: Case, actor: Actor) -> None:
    """Queue the mail, in the transaction of the decision. Who gave no address reads it on their
    record.
    """
    concern = case.concerns.select_related("person__root").first()
    if concern is None or not (case.undone or case.outcome in ("blocked", "deleted")):
        return
    for purpose in _purposes():
        mine = audience(purpose=purpose, data=[EMAIL])
        permit = mine.filter(person__root_id=concern.person.root_id).select_related("person")
        if (found := permit.first()) is not None:
            send(found.person, kind=KIND, purpose=purpose, actor=actor, record=concern.pk)
            return


def _purposes() -> list[str]:
    rules = current().rules
    fit = [
        (FITTING.index(use), key)
        for key, purpose in rules.purposes.items()
        if purpose.basis == "essential" and rules.find("use", key, EMAIL).allowed
        for use in FITTING
        if purpose.use.startswith(use)
    ]
    return list(dict.fromkeys(key for _, key in sorted(fit)))


def _context(message: Message) -> dict[str, Any]:
    concern = Concern.objects.filter(pk=message.about).select_related("case").first()
    if concern is None:
        raise Missing("The case is gone: there is nothing to tell.")
    case = concern.case
    return {
        "company": current().policy.company,
        "done": case.outcome,
        "undone": case.undone,
        "again": concern.objected_at is not None,
        "ground": wording.ground(case.ground),
        "clause": case.clause,
        "url": links.absolute(reverse("casework:answer", args=[links.sign(LINK, concern.ref)])),
    }
