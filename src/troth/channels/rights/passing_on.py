"""Telling recipients of a correction or deletion, and asking again until they answer.

A recipient with a `contact` in the policy gets a mail with what it needs to find the person; any
other is told by hand, and the console says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from troth.channels.rights import tasks
from troth.core.actors import Actor
from troth.core.notices.versions import current
from troth.core.rights import api as rights
from troth.core.rights.api import Content, Telling
from troth.kit import links
from troth.kit.categories import in_words
from troth.kit.mail import MailInvalid, transport
from troth.kit.outbox.api import letter
from troth.kit.words import listing

WORKER: Final = Actor.system("worker")
LINK: Final = "requests.telling"
LIFE: Final = timedelta(days=400)


Knows = Callable[[str], bool]
Tell = Callable[[Telling, Content], "bool | None"]
_ways: Final[list[tuple[Knows, Tell]]] = []


def pass_on_by(knows: Knows, tell: Tell) -> None:
    """Have recipients that `knows` told by `tell` rather than by mail. It returns True where the
    recipient said at once that it is done, None where it could not be told this way.
    """
    if (knows, tell) not in _ways:  # `ready()` may run again
        _ways.append((knows, tell))


def contact(recipient: str) -> str:
    """Where a recipient takes such messages; "" if the policy names no address."""
    found = current().policy.recipients.get(recipient)
    return found.contact if found else ""


def follow_up() -> int:
    """Queue a mail for each recipient that is to be told or asked again. Returns how many."""
    count = 0
    for telling in rights.tellings_due()[:200]:
        known = any(knows(telling.recipient) for knows, _ in _ways)
        if known or contact(telling.recipient):
            tasks.tell_recipient.enqueue(str(telling.organisation_id), str(telling.pk))
            rights.told(telling, actor=WORKER)
            count += 1
    return count


def deliver(pk: UUID) -> None:
    """Send one. A server that puts it off is asked again when the telling is due again."""
    telling = Telling.objects.select_related("request").filter(pk=pk).first()
    if telling is None or telling.state not in Telling.OPEN:
        return
    to = contact(telling.recipient)
    content = rights.read_content(telling.request, actor=WORKER)
    if not content.identifiers:
        return
    if any(tell(telling, content) for knows, tell in _ways if knows(telling.recipient)):
        rights.was_answered(telling, actor=WORKER, done=True)
        return
    if not to:
        return
    built, sender = letter("requests/mail/telling.md", context(telling, content), to=to)
    try:
        transport().deliver(built, sender=sender, to=to)
    except MailInvalid:
        return


def context(telling: Telling, content: Content) -> dict[str, Any]:
    """What the recipient has to know: what identifies the person, and what is right now."""
    rules = current().rules
    labels = {key: element.label for key, element in rules.policy.elements.items()}
    return {
        "company": current().policy.company,
        "correction": telling.kind == "correction",
        "lines": [
            {"label": in_words(category), "values": listing(values)}
            for category, values in sorted(content.identifiers.items())
        ],
        "changes": [
            {"label": labels.get(key) or in_words(key), "values": value}
            for key, value in sorted(content.changes.items())
        ]
        if telling.kind == "correction"
        else [],
        "number": telling.ref[:8],
        "url": links.absolute(answer_path(telling)),
    }


def answer_path(telling: Telling) -> str:
    return reverse("requests:answer", args=[links.sign(LINK, telling.ref)])
