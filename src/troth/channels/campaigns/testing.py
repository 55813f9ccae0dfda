"""A campaign sent to its author, to look at."""

from __future__ import annotations

from troth.channels.campaigns.models import Campaign
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.people.models import Person
from troth.kit.mail import Outcome


@action
def send_test(campaign: Campaign, *, actor: Actor, person: Person) -> Outcome:
    """Send it now to `person`, the member's own record, with “[Test]” before the subject.

    Its links to choices lead to the person's own; unsubscribing with it changes nothing. What the
    server said is returned and nothing of it is kept.
    """
    raise NotImplementedError
