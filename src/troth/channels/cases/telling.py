"""The mails of a transfer: one to each whose data would move, with a link by which to object."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from troth.channels.cases import tasks, wording
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.cases import api as cases, transferring
from troth.core.cases.api import Case, Concern
from troth.core.cases.entering import held
from troth.core.errors import Missing
from troth.core.gate.audiences import audience
from troth.core.notices.versions import current
from troth.kit import links, words
from troth.kit.outbox.api import Message, register_mail, send

KIND: Final = "cases.transfer"
LINK: Final = "cases.object"
LIFE: Final = timedelta(days=400)
EMAIL: Final = "user.contact.email"
BATCH: Final = 200
WORKER: Final = Actor.system("worker")
SENT = Message.State


def register() -> None:
    register_mail(
        kind=KIND,
        template="casework/mail/transfer.md",
        context=_context,
        accepted=_accepted,
        returned=_returned,
    )


def begin(case: Case, *, actor: Actor) -> None:
    """Have everybody told, from now on and by the worker."""
    transferring.begin(case, actor=actor)
    tasks.tell.enqueue(str(case.organisation_id), str(case.pk))


def tell_some(pk: UUID) -> bool:
    """Name and write to the next people. Returns whether some are left. Safe to repeat."""
    case = Case.objects.filter(pk=pk, state=Case.State.OPEN, told_at=None).first()
    if case is None or case.begun_at is None:
        return False
    return bool(transferring.gather(case)) or _write_to_some(case)


@action
def _write_to_some(case: Case) -> bool:
    """Queue the next mails; the case is held meanwhile, so that nobody is written to twice."""
    held(case, Case.State.OPEN)
    mine = Message.objects.filter(
        kind=KIND, record=case.pk, person__root_id=OuterRef("person__root_id")
    )
    waiting = Concern.objects.filter(~Exists(mine), case=case, state=Concern.State.NAMED)
    batch = list(waiting.select_related("person__root", "case").order_by("id")[:BATCH])
    reached = audience(purpose=case.purpose, data=[EMAIL]).filter(
        person__root__id__among=[one.person.root_id for one in batch]
    )
    by_root = {one.person.root_id: one.person for one in reached.select_related("person")}
    for concern in batch:
        person = by_root.get(concern.person.root_id)
        if person is None:
            transferring.not_reached(concern, actor=WORKER, bounced=False)
        else:
            send(person, kind=KIND, purpose=case.purpose, actor=WORKER, record=case.pk)
    if not batch:
        transferring.finish(case)
    return bool(batch)


def follow_up() -> int:
    """Take up what was cut short, and list those whom a mail did not reach. Returns how many."""
    count = 0
    for pk in transferring.under_way():
        count += _list_unreached(pk)
        while tell_some(pk):
            count += 1
    return count + cases.tell_due()


def _list_unreached(pk: UUID) -> int:
    lost = Message.objects.filter(kind=KIND, record=pk, state__in=(SENT.REFUSED, SENT.DROPPED))
    found = list(lost.select_related("person")[:BATCH])
    done = 0
    for message in found:
        concern = _concern(message)
        if concern is not None and concern.state == Concern.State.NAMED:
            bounced = message.state == SENT.REFUSED
            transferring.not_reached(concern, actor=WORKER, bounced=bounced)
            done += 1
    return done


def _concern(message: Message) -> Concern | None:
    mine = Q(person_id=message.person.root_id) | Q(person_id=message.person_id)
    found: Concern | None = (
        Concern.objects.filter(mine, case_id=message.about)
        .select_related("case", "person__root")
        .first()
    )
    return found


def _accepted(message: Message) -> None:
    """Their server took it: they are told, and their time to object runs from now."""
    concern = _concern(message)
    if concern is not None and concern.case.state == Case.State.OPEN:
        transferring.told(concern, actor=WORKER, way="mail")


def _returned(message: Message) -> None:
    """It was refused, or came back after all: they are listed as not reached, their time does not
    run, and nothing of theirs moves, unless somebody told them another way meanwhile.
    """
    concern = _concern(message)
    if concern is None or concern.case.state != Case.State.OPEN or concern.way == "post":
        return
    transferring.not_reached(concern, actor=WORKER, bounced=True)


def _context(message: Message) -> dict[str, Any]:
    concern = _concern(message)
    if concern is None or concern.case.state != Case.State.OPEN:
        raise Missing("The case is over: there is nothing to tell any more.")
    case = concern.case
    written = cases.read(case, actor=WORKER)
    return {
        "company": current().policy.company,
        "acquirer": written.get("acquirer", wording.recipient(case.recipient)),
        "moves": written.get("moves", ""),
        "data": [wording.data(one) for one in case.categories],
        "clause": case.clause,
        "until": words.day(transferring.over(case, clock.now())),
        "url": links.absolute(link_of(concern)),
    }


def link_of(concern: Concern) -> str:
    """Where somebody objects, without a log-in."""
    return reverse("casework:object", args=[links.sign(LINK, concern.ref)])
