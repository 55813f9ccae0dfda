"""How far a long try is: a small file in the demo's folder, which the worker writes and pages read.

It is the demo's, not a visitor's: two who look at once see the same run.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from django.conf import settings

from troth.core import clock
from troth.hub.demo.holding.outcome import Outcome, Step, step_of_json

SILENT: Final = timedelta(minutes=2)
"""A run that said nothing for so long was ended with its worker."""
RECENT: Final = timedelta(minutes=10)
"""For so long a page that is opened anew shows the last outcome."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A run: what it is doing, what was done so far; the outcome once it is over."""

    at: str
    doing: str
    total: int
    steps: tuple[Step, ...] = field(default=())
    outcome: Outcome | None = None

    @property
    def done(self) -> int:
        return len(self.steps)

    def write(self) -> None:
        """Replace what the file says."""
        path = _path()
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self)), "utf-8")
        new.replace(path)

    @classmethod
    def read(cls) -> Self | None:
        """The last run that is still of interest, if there is one."""
        try:
            found = json.loads(_path().read_text("utf-8"))
        except FileNotFoundError:
            return None
        outcome = Outcome.of_json(found["outcome"]) if found["outcome"] else None
        steps = tuple(step_of_json(step) for step in found["steps"])
        run = cls(found["at"], found["doing"], found["total"], steps, outcome)
        silent = clock.now() - datetime.fromisoformat(run.at)
        return run if silent < (RECENT if outcome else SILENT) else None

    @classmethod
    def ended(cls) -> Self:
        """What a page is told that still waits for a run whose worker has gone."""
        outcome = Outcome(False, "It broke off.", "The worker was ended meanwhile. Try it again.")
        return cls("", "", 0, outcome=outcome)


def _path() -> Path:
    folder: Path = settings.HOME.folder
    return folder / "see-it-hold.json"
