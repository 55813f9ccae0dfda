"""The plan: what a request will do, source by source, read by people before it runs."""

from __future__ import annotations

from troth.core.errors import Invalid
from troth.core.rights.kinds import CORRECTION, PASSED_ON
from troth.core.rights.models import Request
from troth.core.rights.sources import Planned, sources
from troth.core.rights.subjects import changes_of, subject_of
from troth.core.rights.tellings import recipients_of


def plan(request: Request) -> list[Planned]:
    """What fulfilling the request will do, before anything changes.

    Raises `SourceMissing` for a source out of reach, and `SourceInvalid` for one whose description
    would leave a field as it is.
    """
    subject, changes = subject_of(request), changes_of(request)
    found = [line for source in sources() for line in source.plan(request.kind, subject, changes)]
    if request.kind == CORRECTION and not found:
        raise Invalid(
            "There is nothing of this kind to correct.",
            why="No value of this name is held about the person.",
            do="Choose one of those that are held.",
        )
    if request.kind in PASSED_ON:
        found += [
            Planned(recipient, "", "user", "passed-on", 1, clause)
            for recipient, clause in recipients_of(subject.records).items()
        ]
    return found
