"""The assessments of an organisation, as pages and the report show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from troth.core.assess import comparing
from troth.core.assess.document import by_area
from troth.core.assess.models import Assessment
from troth.core.errors import Missing
from troth.kit.charts import Chart, Part, Series, line, stacked

SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One assessment in the list, and what changed since the one before it."""

    made: Assessment
    changes: list[str]


def by_ref(ref: str) -> Assessment:
    """The assessment of that reference. Raises `Missing`."""
    found = Assessment.objects.filter(ref=ref).first()
    if found is None:
        raise Missing("There is no such assessment.", do="Look at the list of them.")
    return found


def entries() -> list[Entry]:
    """The newest assessments, each compared with the one before it."""
    made = list(Assessment.objects.all()[: SHOWN + 1])
    contents = [one.content for one in made]
    compared = [
        Entry(one, comparing.changes(contents[at + 1] if at + 1 < len(made) else None, content))
        for at, (one, content) in enumerate(zip(made, contents, strict=True))
    ]
    return compared[:SHOWN]


def trend(until: Assessment | None = None) -> Chart | None:
    """How many checks held, failed and were not looked at, by day (the last of each); None before
    there are two days.
    """
    found = Assessment.objects.all()
    if until is not None:
        found = found.filter(at__lte=until.at)
    days = {one.at.date(): one for one in reversed(found.defer("document")[: SHOWN * 4])}
    if len(days) < 2:  # noqa: PLR2004 - a day alone has no course
        return None
    series = [
        Series("held", [(day, one.held) for day, one in days.items()]),
        Series("failed", [(day, one.failed) for day, one in days.items()]),
        Series("not looked at", [(day, one.unseen) for day, one in days.items()]),
    ]
    return line("Checks over time", series, note="The last assessment of each day.")


def outcome(made: Assessment) -> Chart:
    """The checks of one assessment by what came of them."""
    parts = [
        Part("Held", made.held),
        Part("Failed", made.failed),
        Part("Not looked at", made.unseen),
    ]
    return stacked("What came of the checks", parts, unit="checks")


def shown(made: Assessment) -> dict[str, Any]:
    """All that a page says of one assessment."""
    content = made.content
    return {
        "made": made,
        "content": content,
        "areas": [_sorted(area) for area in by_area(content) if area["checks"]],
        "outcome": outcome(made),
        "trend": trend(made),
    }


def _sorted(area: dict[str, Any]) -> dict[str, Any]:
    """An area with the findings of each check by what came of them, the worst first."""
    order = ("failed", "not looked at", "held")
    rows = [
        row
        | {
            "findings": sorted(row["findings"], key=lambda one: order.index(one["state"])),
            "held": sum(one["state"] == "held" for one in row["findings"]),
        }
        for row in area["checks"]
    ]
    return area | {"checks": rows}
