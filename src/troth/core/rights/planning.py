"""The plan: what a request will do, source by source, read by people before it runs."""

from __future__ import annotations

from collections.abc import Iterable

from troth.core.errors import Invalid
from troth.core.rights.kinds import CORRECTION, PASSED_ON
from troth.core.rights.models import Request
from troth.core.rights.sources import Changes, Planned, Source, Subject, sources
from troth.core.rights.subjects import changes_of, subject_of
from troth.core.rights.tellings import recipients_of


def plan(request: Request) -> list[Planned]:
    """What fulfilling the request will do, before anything changes.

    Raises `SourceMissing` for a source out of reach, and `SourceInvalid` for one whose description
    would leave a field as it is.
    """
    subject = subject_of(request)
    found = planned(request.kind, subject, changes_of(request), sources())
    if request.kind in PASSED_ON:
        found += [
            Planned(recipient, "", "user", "passed-on", 1, clause)
            for recipient, clause in recipients_of(subject.records).items()
        ]
    return found


def planned(
    kind: str, subject: Subject, changes: Changes, among: Iterable[Source]
) -> list[Planned]:
    """What the sources will do. Raises as `plan` does."""
    found = [line for source in among for line in source.plan(kind, subject, changes)]
    if kind == CORRECTION and not found:
        raise Invalid(
            "There is nothing of this kind to correct.",
            why="No value of this name is held about the person.",
            do="Choose one of those that are held.",
        )
    return found
