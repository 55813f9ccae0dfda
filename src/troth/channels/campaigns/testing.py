"""A campaign sent to its author, to look at."""

from __future__ import annotations

from troth.channels.campaigns import acts, content
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.purposes import EMAIL
from troth.channels.campaigns.sending.writing import written
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.gate import uses
from troth.core.ids import opaque_ref
from troth.core.ledger.api import record
from troth.core.people.models import Element, Person
from troth.kit import links
from troth.kit.mail.pipeline import Outgoing, Pipeline, ServerMissing
from troth.kit.mail.press import checked_address
from troth.kit.mail.transport import Outcome, transport


def send_test(campaign: Campaign, *, actor: Actor, person: Person) -> Outcome:
    """Send it now to `person`, the member's own record, with “[Test]” before the subject.

    It is filled with the member's own name and the like. Its links to choices lead to the person's
    own; unsubscribing with it changes nothing. What the server said is returned, and nothing of it
    is kept. Raises `Missing` where the member has no address.
    """
    _allowed(campaign, actor=actor)
    with uses.own(person=person, actor=actor):
        values = _own_values(person)
    if "@" not in values:
        raise Missing("You have no address here that a test could go to.")
    to = checked_address(values["@"])
    letter = written(campaign)
    values |= {
        content.UNSUBSCRIBE: f"{letter.base}/campaigns/unsubscribe/test",
        content.PREFERENCES: f"{letter.base}/preferences/{links.sign('preferences', person.ref)}",
    }
    press = letter.press("a", follow=False)
    pipeline: Pipeline[None] = Pipeline(transport())
    message = Outgoing(
        None,
        letter.sender,
        to,
        press.size,
        lambda: press.message(
            values, to=to, message_id=f"test.{opaque_ref()}", subject_before="[Test] "
        ),
    )
    try:
        [(_, outcome)] = pipeline.send([message], lambda _tag: None)
    except ServerMissing as missing:
        return Outcome("deferred", missing.code, missing.words)
    finally:
        pipeline.close()
    return outcome


@action
def _allowed(campaign: Campaign, *, actor: Actor) -> None:
    actor.needs("campaigns.write")
    record(
        act=acts.TESTED,
        organisation=campaign.organisation_id,
        actor=actor,
        purpose=campaign.purpose,
        detail={"campaign": campaign.ref},
    )


def _own_values(person: Person) -> dict[str, str]:
    found: dict[str, str] = {}
    held = Element.objects.filter(person__root_id=person.root_id).order_by("-collected_at", "-id")
    for element in held:
        if not isinstance(element.value, str):
            continue
        key = "@" if element.category == EMAIL else element.name.rpartition(".")[2]
        found.setdefault(key, element.value)
    return found
