"""Whether there is a backup that could be read. What a restore shows beyond it, only one shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from troth.core.assess.checks import Situation, check
from troth.core.assess.findings import Finding, failed, held, unseen
from troth.core.ledger.models import Entry
from troth.hub.backup.acts import REHEARSED, RESTORED
from troth.hub.backup.making import READ_BACK

FRESH: Final = timedelta(days=31)


def read_back_at() -> datetime | None:
    """When a backup of this installation was last written and read back whole."""
    path: Path = settings.HOME.folder / READ_BACK
    try:
        return datetime.fromisoformat(json.loads(path.read_text("utf-8"))["read_back"])
    except FileNotFoundError:
        return None


@check(
    "implemented.backup",
    area="implemented",
    says="A backup was written and read back whole within the last 31 days.",
)
def backup(situation: Situation) -> Iterator[Finding]:
    last = read_back_at()
    if last is None:
        yield failed("No backup of this installation was made.", do="Run `troth backup FILE`.")
    elif last < situation.at - FRESH:
        yield failed(
            f"The last backup was made and read back on {last:%Y-%m-%d}.",
            do="Run `troth backup FILE`, best by a timer.",
        )
    else:
        yield held(f"A backup was made and read back on {last:%Y-%m-%d}.")
    tried = Entry.objects.filter(act__in=(RESTORED, REHEARSED)).order_by("-position").first()
    if tried and tried.act == REHEARSED:
        yield held(f"One was restored for practice on {tried.at[:10]}.")
    elif tried:
        yield held(f"It was restored from one on {tried.at[:10]}.")
    else:
        yield unseen(
            "Nothing tells whether a backup was ever restored for practice.",
            do="Run `troth backup FILE --rehearse`; on PostgreSQL, restore one by hand.",
        )
