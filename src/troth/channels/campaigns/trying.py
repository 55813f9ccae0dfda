"""A test of a campaign: one mail to look at, marked as one, of which nothing is kept."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from functools import partial

from troth.channels.campaigns import acts, keys, previewing
from troth.channels.campaigns.conduct import conduct
from troth.channels.campaigns.content import ContentInvalid
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.purposes import EMAIL
from troth.channels.campaigns.queries import Preview
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.people.models import Element, Person
from troth.core.people.records import family
from troth.kit.mail import Outcome, transport
from troth.kit.mail.pipeline import Outgoing, Pipeline, ServerMissing
from troth.kit.mail.press import Press, checked_address, named

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
    known = conduct()
    name = campaign.sender_name or known.sender_name or name
    presses = [
        _press(sender, name, letter, subject, known.reply_to)
        for subject in filter(None, (letter.subject, letter.subject_b))
    ]
    return _handed_over(presses, sender, checked_address(address))


def _press(sender: str, name: str, letter: Preview, subject: str, reply_to: str) -> Press:
    """As every letter is made, signature and all; marked as a test and as written by a machine."""
    domain = sender.rpartition("@")[2]
    headers = [("From", named(name, sender)), ("Auto-Submitted", "auto-generated")]
    if reply_to:
        headers.append(("Reply-To", reply_to))
    return Press(
        subject=(MARK + subject,),
        text=(letter.text,),
        html=(letter.html,),
        headers=headers,
        domain=domain,
        signer=keys.signer(domain),
    )


def _handed_over(presses: list[Press], sender: str, to: str) -> list[Outcome]:
    def letters() -> Iterator[Outgoing[int]]:
        for number, press in enumerate(presses):
            message_id = f"test.{secrets.token_hex(16)}"
            made = partial(press.message, {}, to=to, message_id=message_id)
            yield Outgoing(number, sender, to, press.size, made)

    pipeline, found = Pipeline[int](transport()), []
    try:
        for _, outcome in pipeline.send(letters(), lambda _: None):
            found.append(outcome)
    except ServerMissing as missing:
        found.append(Outcome("deferred", missing.code, missing.words))
    finally:
        pipeline.close()
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
