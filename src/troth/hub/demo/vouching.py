"""What the recipients of the demo's company showed and assured before anything went to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from troth.core import clock
from troth.core.actors import Actor
from troth.core.notices.versions import current
from troth.core.recipients.binding import bind
from troth.core.recipients.models import Bond
from troth.core.recipients.standing import asked

LASTS: Final = timedelta(days=3 * 365)
DOCUMENTS: Final = {
    Bond.Kind.SECURITY: "Attestation of security",
    Bond.Kind.OWN_PURPOSE: "Declaration on use, section 1",
    Bond.Kind.FRAMEWORK: "Declaration on use, section 2",
    Bond.Kind.TELLS: "Declaration on use, section 3",
}


def vouch(*only: str) -> None:
    """Enter all that the clauses ask of each recipient, or of some, as if it had come in today."""
    rules, today = current().rules, clock.now().date()
    for to in only or rules.recipients:
        party = rules.recipients[to]
        until = party.expires or today + LASTS
        for kind, _, level in asked(to, rules):
            bind(
                actor=Actor.system("demo"),
                to=to,
                kind=kind,
                document=DOCUMENTS[Bond.Kind(kind)],
                given_on=today,
                until=until,
                level=level if kind == Bond.Kind.SECURITY else "",
            )
