"""Whether an address may be sent an invitation."""

from __future__ import annotations

from troth.channels.referral.friends import EMAIL
from troth.core.choices.suppression import ALL, suppressed
from troth.core.gate.models import Stance
from troth.core.gate.permits import solicits, standing_of
from troth.core.notices.versions import current
from troth.core.people import records


def unwelcome(address: str) -> bool:
    """Whether whoever reads this address refused offers, as a person here or by their address.

    Needs an opening that may look people up by e-mail address.
    """
    rules = current().rules
    if any(purpose == ALL or solicits(purpose, rules) for purpose in suppressed(EMAIL, address)):
        return True
    person = records.find(EMAIL, address)
    if person is None:
        return False
    standing = standing_of(person.root_id)
    return standing.restricted or any(
        stance.decision == Stance.Decision.REFUSED
        and manner in ("", "email")
        and (purpose == ALL or solicits(purpose, rules))
        for (purpose, manner), stance in standing.stances.items()
    )
