"""The log of attacks: what was refused, locked and reported, and whether somebody looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils.timesince import timesince

from troth.channels.accounts.api import AccountsMissing, Incident, guess, refused_since, unhandled
from troth.core.assess.checks import Situation, check
from troth.core.assess.findings import Finding, failed, held, unseen
from troth.core.ledger.bodies import timestamp
from troth.core.ledger.models import Entry

WINDOW: Final = timedelta(days=30)
HEARD: Final = timedelta(hours=72)
"""GDPR, article 33(1): so long there is to tell the authority of a breach."""
LOGGED: Final = {
    "gate.denied": "uses of data were refused by the gate",
    "accounts.locked": "accounts were locked because their owners saw a stranger in them",
}


STRANGER: Final = "192.0.2.1"
"""An address for documentation (RFC 5737): nobody calls from there."""
FEW: Final = 20
"""Guesses at one account by one caller in a quarter of an hour that are still few."""


@check(
    "implemented.guessing",
    area="implemented",
    says="Whoever guesses at a log-in is locked out of it, and then slowed down.",
)
def guessing(situation: Situation) -> Iterator[Finding]:
    """It is tried, at an account there is not; the trial is taken back as a whole."""
    try:
        tried = guess(caller=STRANGER)
    except AccountsMissing:
        yield unseen("The policy has no accounts: nobody can log in.")
        return
    for number, what in zip(
        tried,
        ("A stranger who guessed was locked out", "A stranger was turned away"),
        strict=True,
    ):
        if 0 < number <= FEW:
            yield held(f"{what} at attempt {number}.")
        else:
            yield failed(
                f"{what.replace(' was ', ' was not ')} within {FEW} attempts.",
                do="Look whether the table of counts is written to.",
            )
    lines = refused_since(situation.at - WINDOW).values_list("what", "count")
    counts: Counter[str] = Counter()
    for key, number in lines:
        counts[key] += number
    said = ", ".join(f"{number} {key}" for key, number in sorted(counts.items())) or "none"
    yield held(f"Refused log-ins in {WINDOW.days} days: {said}.")


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
