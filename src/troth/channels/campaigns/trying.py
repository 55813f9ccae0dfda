"""A test of a campaign: one mail to look at, marked as one, of which nothing is kept."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from troth.channels.campaigns import acts, previewing
from troth.channels.campaigns.content import ContentInvalid
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.purposes import EMAIL
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.people.models import Element, Person
from troth.core.people.records import family
from troth.kit.mail import Outcome, build, transport

MARK = "[Test] "


@action
def send_test_to(campaign: Campaign, address: str, *, actor: Actor) -> list[Outcome]:
    """Send each subject once to `address`, with the slots' labels in their places.

    Nobody becomes a recipient by it, and the address is kept nowhere; that it was done is on the
    ledger. Returns what the server said. Raises as `queries.preview` does, and `MailInvalid`.
    """
    actor.needs("mail.write")
    look = previewing.of(campaign)
    if look.refusal is not None:
        raise look.refusal
    if look.letter is None or not campaign.body.strip():
        raise ContentInvalid("The letter is empty.", do="Write something first.")
    letter = look.letter
    record(
        act=acts.TESTED,
        organisation=campaign.organisation_id,
        actor=actor,
        purpose=campaign.purpose,
        version=current().version,
        detail={"campaign": campaign.ref},
    )
    sender = current().policy.company.privacy_contact
    name = Organisation.objects.values_list("name", flat=True).get(pk=campaign.organisation_id)
    found = []
    for subject in filter(None, (letter.subject, letter.subject_b)):
        message = _message(sender, campaign.sender_name or name, address, subject)
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        found.append(transport().deliver(message, sender=sender, to=address))
    return found


def own_address(person: Person) -> str:
    """A member's own address, read by themselves; empty if none is held. Raises `UseDenied`."""
    with uses.own(person=person):
        found = (
            Element.objects.filter(person_id__in=family(person.root_id), category=EMAIL)
            .order_by("-collected_at")
            .first()
        )
        return str(found.value) if found else ""


def _message(sender: str, name: str, to: str, subject: str) -> EmailMessage:
    """The heads, checked as those of every mail are; the parts are put in afterwards."""
    checked = build(sender=sender, sender_name=name, to=to, subject=MARK + subject, body="")
    ascii_only = (sender + to).isascii()
    message = EmailMessage(policy=SMTP if ascii_only else SMTPUTF8)
    for head in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"):
        message[head] = checked[head]
    return message
