"""Mail to the address that the policy names for whoever wants no more of ours (`opt_out_contact`).

Whoever says so in the subject or the first words is written to no more, and nobody has to be at
work. Nothing proves whose address it is, as on the form without a log-in: a no acts at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from troth.channels.campaigns import acts
from troth.channels.campaigns.purposes import EMAIL, purposes
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices import suppression
from troth.core.choices.deciding import choose
from troth.core.gate.collecting import collect
from troth.core.ledger.api import record
from troth.core.notices.versions import PolicyMissing, current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id, scope
from troth.core.people import records
from troth.kit.inbound.api import Mail, put_aside
from troth.kit.inbound.letter import read

TOUCHPOINT: Final = "forms.no-solicitation"


def _named(recipient: str) -> list[Organisation]:
    """The organisations whose policies name this address."""
    wanted, found = recipient.strip().lower(), []
    for organisation in Organisation.objects.all():
        with scope(organisation):
            try:
                named = current().policy.company.opt_out_contact
            except PolicyMissing:
                continue
            if named.lower() == wanted:
                found.append(organisation)
    return found


def takes(recipient: str) -> bool:
    """Whether some policy names this address."""
    return bool(_named(recipient))


def receive(mail: Mail, *, leaves: bool, hear: Callable[[Mail], bool] = lambda _: False) -> bool:
    """Refuse for its sender if it `leaves`; else let `hear` have it. Returns whether any policy
    names the address it came to.
    """
    letter = read(mail.content, envelope=mail.sender)
    found = _named(mail.recipient)
    for organisation in found:
        with scope(organisation):
            if leaves and letter.sender and letter.authors == 1:
                refuse(letter.sender, actor=Actor.visitor())
            elif not hear(mail):
                put_aside(mail)
    return bool(found)


@action
def refuse(address: str, *, actor: Actor) -> None:
    """Say no, for whoever reads this address, to all that people can refuse to be mailed for. An
    address that is nobody's is kept from coming back: nobody is made known by a no.
    """
    with collect(actor=actor, touchpoint=TOUCHPOINT, data=[EMAIL]) as point:
        person, clause = records.find(EMAIL, address), point.touchpoint.clause
        if person is None:
            suppression.suppress(EMAIL, address, reason=suppression.Reason.REFUSED)
    if person is not None:
        for key in purposes():
            choose(person, actor=actor, purpose=key, yes=False, way="unsubscribe-mail")
    record(
        act=acts.OPTED_OUT,
        organisation=current_organisation_id(),
        actor=actor,
        subject=person.ref if person else "",
        clause=clause,
        version=current().version,
    )
