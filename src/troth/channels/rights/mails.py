"""Mails about requests. They go to the address in the request's own content, which is readable
when the key of the person is gone; none repeats what somebody wrote.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from troth.channels.rights import wording
from troth.channels.rights.models import Ticket
from troth.core import clock
from troth.core.actors import Actor
from troth.core.notices.versions import current
from troth.core.rights import api as rights
from troth.core.rights.api import Request
from troth.core.rights.asking import counting
from troth.core.rights.kinds import CHANGING, SHOWING, TALKED
from troth.kit import links
from troth.kit.mail import MailInvalid, transport
from troth.kit.outbox.api import WAITS, letter
from troth.kit.words import day

WORKER: Final = Actor.system("worker")
PROVE: Final = "requests.prove"
OWN: Final = "requests.own"
TICKET: Final = "requests.ticket"
VERIFY: Final = "requests.verify"
PROVE_LIFE: Final = timedelta(days=14)
OWN_LIFE: Final = timedelta(days=400)
TICKET_LIFE: Final = timedelta(days=30)
LAST: Final = frozenset({"done", "refused"})
TEMPLATES: Final = frozenset({"prove", "received", "waiting", "extended", "done", "refused"})


def register() -> None:
    rights.on_closed(on_closed)


def on_closed(request: Request) -> None:
    """Whoever asked hears how it ended; who took it back knows."""
    from troth.channels.rights.receiving import tell  # noqa: PLC0415 - it stands on tasks

    if request.state == Request.State.WITHDRAWN:
        rights.answered(request)
    else:
        tell(request, "done" if request.state == Request.State.DONE else "refused")


def deliver(pk: UUID, what: str, tries: int) -> datetime | None:
    """Send one mail. Returns when to try again, if the receiving side puts it off."""
    request = Request.objects.filter(pk=pk).first()
    if request is None or what not in TEMPLATES or not _fits(request, what):
        return None
    address = rights.read_content(request, actor=WORKER).reply_to
    if not address:
        # In the account the page tells them; by phone or post somebody of the staff does.
        if what in LAST and request.way in ("account", "link"):
            rights.answered(request)
        return None
    built, sender = letter(f"requests/mail/{what}.md", context(request, what), to=address)
    try:
        outcome = transport().deliver(built, sender=sender, to=address)
    except MailInvalid:
        return None
    if outcome.state == "deferred" and tries < len(WAITS):
        return clock.now() + WAITS[tries]
    if what in LAST:
        rights.answered(request)
    return None


def _fits(request: Request, what: str) -> bool:
    """Whether it still is as the mail would say."""
    state = request.state
    if what in LAST:
        return state == (Request.State.DONE if what == "done" else Request.State.REFUSED)
    if what == "prove":
        return state == Request.State.UNPROVEN
    return what != "waiting" or state == Request.State.WAITING


def context(request: Request, what: str) -> dict[str, Any]:
    """What its template may say; one-time links are made here and stored nowhere."""
    counts = counting()
    due = day(counts.day(request.due_at)) if request.due_at else ""
    found = {
        "company": current().policy.company,
        "kind": wording.kind(request.kind),
        "what": request.kind,
        "clause": request.clause,
        "received": day(counts.day(request.received_at)),
        "due": due,
        "talked": request.kind in TALKED,
        "asks": request.kind in CHANGING and request.state == Request.State.OPEN,
        "number": request.ref[:8],
        "url": links.absolute(own_path(request)),
    }
    if what == "prove":
        token = links.sign(PROVE, request.ref)
        found |= {
            "prove": links.absolute(reverse("requests:prove", args=[token])),
            "days": PROVE_LIFE.days,
        }
    if what == "waiting":
        found["reason"] = wording.reason(request.waits_for)
    if what == "extended":
        found["reason"] = wording.reason(request.extension)
    if what == "refused":
        found["reason"] = wording.reason(request.outcome)
    if what == "done":
        found["outcome"] = wording.OUTCOMES.get(request.outcome, "")
        if request.kind in SHOWING:
            found |= {"package": links.absolute(ticket_path(request)), "days": TICKET_LIFE.days}
    return found


def own_path(request: Request) -> str:
    """The page of one request, for whoever got a mail about it."""
    return reverse("requests:mine", args=[links.sign(OWN, request.ref)])


def staff_path(request: Request) -> str:
    """The page of one request in the console."""
    return reverse("requests:request", args=[request.ref])


def verify_path(request: Request) -> str:
    """The page that has a link sent to the address an agent gave for somebody."""
    return reverse("requests:verify", args=[links.sign(VERIFY, request.ref)])


def ticket_path(request: Request) -> str:
    """A link that opens the package once, within thirty days."""
    now = clock.now()
    made = Ticket.objects.create(request=request, made_at=now, expires_at=now + TICKET_LIFE)
    return reverse("requests:package", args=[links.sign(TICKET, made.ref)])
