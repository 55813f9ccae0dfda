"""What the pages of retention show."""

from __future__ import annotations

from typing import Any

from troth.core.errors import Missing
from troth.core.retention import api
from troth.core.retention.words import THEN
from troth.kit.charts import Bar, bars

DAYS = 31


def overview() -> dict[str, Any]:
    """What goes within a month, and beside it the runs, what waits and what goes by itself."""
    now, then = api.preview(DAYS)
    due = {(line.keep.clause, line.places): line.due for line in now.lines}
    lines = [
        {
            "clause": line.keep.clause,
            "why": line.why,
            "then": THEN[line.keep.then],
            "data": ", ".join(line.categories),
            "now": due.get((line.keep.clause, line.places), 0),
            "then_due": line.due,
        }
        for line in then.lines
    ]
    chart = bars(
        "What goes within a month",
        [Bar(f"§ {one.keep.clause}: {one.why}", one.due, one.keep.clause) for one in then.lines],
        unit="values",
        note=f"Of {then.held} values that are held.",
    )
    return {
        "lines": lines,
        "chart": chart if lines else None,
        "plan": then,
        "endless": then.endless,
        "expiries": sorted(api.expiries().values()),
        "waiting": api.waiting(),
        "limit": api.limit(),
        "runs": api.Run.objects.all()[:20],
        "holds": api.standing().count(),
    }


def run(ref: str) -> api.Run:
    """A run by its reference. Raises `Missing`."""
    found: api.Run | None = api.Run.objects.filter(ref=ref).first()
    if found is None:
        raise Missing("There is no such run.", do="Look at the list of runs.")
    return found
