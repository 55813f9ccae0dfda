"""The papers a case rests on: sealed in parts under the case's key."""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Final
from uuid import UUID

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.cases import acts
from troth.core.cases.entering import OPEN, CaseInvalid, CaseMissing, enter, held
from troth.core.cases.models import Case, Document, DocumentPart
from troth.core.gate.deposits import casefile
from troth.core.inserting import insert

PART: Final = 256 * 1024
MOST: Final = 10 * 1024 * 1024
TAKEN: Final = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/tiff": b"II*\0",
}
"""What a paper may be, and how such a file begins."""


@action
def add_document(case: Case, *, actor: Actor, name: str, content: bytes) -> Document:
    """Seal a paper into a case that was not decided yet. Raises `CaseInvalid` for a file that is no
    paper, or larger than `MOST` bytes.
    """
    actor.needs(OPEN)
    held(case, Case.State.DRAFT)
    kind = kind_of(content)
    if not kind:
        raise CaseInvalid(
            "This file is not taken.",
            why="A document is a PDF or a picture of the paper.",
            do="Scan it, or save it as PDF.",
        )
    if len(content) > MOST:
        raise CaseInvalid("This file is larger than 10 MB.", do="Scan it with less detail.")
    made = Document(
        organisation_id=case.organisation_id,
        case=case,
        content_type=kind,
        size=len(content),
        digest=sha256(content).hexdigest(),
        added_by=actor.ref,
        added_at=clock.now(),
    )
    with casefile(row=case.pk, actor=actor, clause=case.clause):
        made.name = name.replace("\\", "/").rpartition("/")[2][:120] or "document"
        insert([made])
        insert(
            [
                DocumentPart(
                    organisation_id=case.organisation_id,
                    document=made,
                    case=case,
                    number=number,
                    content=b64encode(content[start : start + PART]).decode(),
                )
                for number, start in enumerate(range(0, len(content), PART))
            ]
        )
    enter(case, acts.DOCUMENT, actor=actor, detail={"digest": made.digest})
    return made


def kind_of(content: bytes) -> str:
    """The media type of a paper, by its first bytes; nothing for any other file."""
    return next((kind for kind, start in TAKEN.items() if content.startswith(start)), "")


def names(case: Case, *, actor: Actor) -> list[tuple[Document, str]]:
    """The papers of a case with what they are called."""
    with casefile(row=case.pk, actor=actor, clause=case.clause):
        return [(one, str(one.name)) for one in case.documents.all()]


def read_document(case: Case, pk: UUID, *, actor: Actor) -> tuple[Document, str, bytes]:
    """A paper, its name and its content. Raises `CaseMissing`."""
    found = case.documents.filter(pk=pk).first()
    if found is None:
        raise CaseMissing("There is no such document.", do="Look at the case again.")
    with casefile(row=case.pk, actor=actor, clause=case.clause):
        content = b"".join(b64decode(part.content) for part in found.parts.all())
        return found, str(found.name), content
