"""The log of attacks: what was refused, locked and reported, and whether somebody looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils.timesince import timesince

from troth.channels.accounts.api import Incident, unhandled
from troth.core.assess.checks import Situation, check
from troth.core.assess.findings import Finding, failed, held
from troth.core.ledger.bodies import timestamp
from troth.core.ledger.models import Entry

WINDOW: Final = timedelta(days=30)
HEARD: Final = timedelta(hours=72)
"""GDPR, article 33(1): so long there is to tell the authority of a breach."""
LOGGED: Final = {
    "gate.denied": "uses of data were refused by the gate",
    "accounts.locked": "accounts were locked because their owners saw a stranger in them",
}


@check(
    "implemented.attacks",
    area="implemented",
    says="Attempts are counted, and each reported incident was looked into within 72 hours.",
)
def attacks(situation: Situation) -> Iterator[Finding]:
    since = timestamp(situation.at - WINDOW)
    acts = Entry.objects.filter(act__in=LOGGED, at__gte=since).values_list("act", flat=True)
    counts = Counter(acts)
    for act, says in LOGGED.items():
        yield held(f"{counts[act]} {says} in {WINDOW.days} days.", act)
    for incident in unhandled():
        if incident.opened_at < situation.at - HEARD:
            ago = timesince(incident.opened_at, situation.at)
            yield failed(
                f"An incident was reported {ago} ago, and nobody has looked into it.",
                str(Incident.About(incident.about).label),
                do="Open Incidents in the console.",
            )
