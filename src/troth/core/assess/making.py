"""Making an assessment: look, write it down, sign it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.assess import document
from troth.core.assess.acts import ASSESSED
from troth.core.assess.checks import Outcome, Situation, perform
from troth.core.assess.findings import AREAS
from troth.core.assess.models import Assessment
from troth.core.assess.reading import grade
from troth.core.assess.seen import Seen
from troth.core.assess.source import digest
from troth.core.errors import Refusal
from troth.core.keyring.store import signing_key
from troth.core.ledger.api import EntryMissing, receipt, record
from troth.core.ledger.sequencing import origin
from troth.core.staff.models import Role

ABILITY = Role.Ability.LEDGER_READ


def assess(
    situation: Situation, *, actor: Actor, without: Collection[str] = (), release: str = ""
) -> Assessment:
    """Run the checks, keep and sign what came of them. It passes where every check held that was
    not left out. Raises `Invalid` for a name that leaves nothing out.
    """
    actor.needs(ABILITY)
    outcomes = perform(situation, without)
    content = _content(situation, outcomes, without, release)
    return keep(situation, content, actor=actor)


def _content(
    situation: Situation, outcomes: list[Outcome], without: Collection[str], release: str
) -> dict[str, Any]:
    states = Counter(outcome.state for outcome in outcomes)
    published, organisation = situation.published, situation.organisation
    return {
        "organisation": {"name": organisation.name, "ledger": origin(organisation.pk)},
        "at": situation.at.isoformat(timespec="seconds"),
        "release": release,
        "source": digest(),
        "policy": {"version": published.version, "title": published.policy.title},
        "areas": AREAS,
        "left_out": sorted(without),
        "passed": states["held"] == len(outcomes),
        "counts": {state: states[state] for state in ("held", "failed", "not looked at")},
        "checks": [outcome.as_json() for outcome in outcomes],
        "seen": _seen(situation.seen),
    }


def _seen(seen: Seen | None) -> dict[str, Any] | None:
    if seen is None:
        return None
    shown = {**asdict(seen), "grade": grade(seen.words)}
    del shown["words"]
    found: dict[str, Any] = json.loads(json.dumps(shown))
    return found


@action
def keep(situation: Situation, content: dict[str, Any], *, actor: Actor) -> Assessment:
    """Keep an assessment as it was found, and put its digest on the ledger."""
    actor.needs(ABILITY)
    owner, counts = situation.organisation.pk, content["counts"]
    entry = record(
        act=ASSESSED,
        organisation=owner,
        actor=actor,
        version=content["policy"]["version"],
        detail={
            "digest": document.digest(content),
            "held": counts["held"],
            "failed": counts["failed"],
            "unseen": counts["not looked at"],
        },
    )
    note = document.sign(content, origin(owner), signing_key(owner))
    return Assessment.objects.create(
        at=situation.at,
        source=content["source"],
        version=content["policy"]["version"],
        passed=content["passed"],
        held=counts["held"],
        failed=counts["failed"],
        unseen=counts["not looked at"],
        entry=entry,
        document=json.dumps(document.build(content, note, None), ensure_ascii=False),
    )


def signed(assessment: Assessment) -> dict[str, Any]:
    """The document to hand out: with the ledger's receipt, where the ledger gives one."""
    found = assessment.read
    try:
        found["receipt"] = receipt(assessment.entry)
    except (EntryMissing, Refusal):
        # A ledger that was tampered with takes no entry; the findings say so, and are signed.
        found["receipt"] = None
    return found
