"""An invitation on its way to somebody who is erased does not leave."""

from __future__ import annotations

from troth.channels.referral.actions import end
from troth.channels.referral.friends import EMAIL, INVITE, address
from troth.channels.referral.models import Referral
from troth.core.actors import Actor
from troth.core.gate.deposits import deposit
from troth.core.gate.purging import addresses
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.people.records import Given
from troth.core.sealing.blind import normalise


def forget_waiting(person: Person) -> None:
    """End the invitations to an address of theirs. The mark against a second one stays."""
    if INVITE not in current().rules.touchpoints:
        return
    theirs = {normalise(category, text) for category, text in addresses(person)}
    worker = Actor.system("worker")
    for pk in list(Referral.objects.values_list("pk", flat=True)):
        with deposit(row=pk, actor=worker, touchpoint=INVITE):
            given = [Given(*item) for item in Referral.objects.get(pk=pk).content]
            waits = normalise(EMAIL, address(given)) in theirs
        if waits:
            end(pk, ending="withheld")
