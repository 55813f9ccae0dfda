"""What the ledger's entry of a choice is committed to, so that its wording can be proven later.

The entry itself holds no free text. It holds a salted commitment (docs/ledger-format.md) to the
value below; the salt stays beside the `Choice` and goes with it when the person is erased.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final
from uuid import UUID

from troth.core.choices.models import Choice
from troth.core.ledger.bodies import timestamp
from troth.core.notices.models import PolicyVersion
from troth.core.notices.versions import Published

Evidence = dict[str, str]
KEYS: Final = (
    *("at", "decision", "ends", "language", "manner", "notice", "purpose", "version"),
    *("way", "wording"),
)


def evidence(choice: Choice, published: Published) -> Evidence:
    """The value: what was decided, when, by which way, in which words, under which notice.

    Times are RFC 3339 in UTC with milliseconds, "" for no end. `notice` is the digest of the policy
    file as published; it fixes everything else the person was told.
    """
    return {
        "at": timestamp(choice.at),
        "decision": str(choice.decision),
        "ends": moment(choice.ends_at),
        "language": choice.language,
        "manner": choice.manner,
        "notice": digest(published.id),
        "purpose": choice.purpose,
        "version": choice.version,
        "way": choice.way,
        "wording": choice.wording,
    }


def moment(at: datetime | None) -> str:
    return timestamp(at) if at else ""


@lru_cache(maxsize=64)
def digest(version_id: UUID) -> str:
    """The digest of a published policy file: ``sha256:`` and hex."""
    source = PolicyVersion.objects.values_list("source", flat=True).get(pk=version_id)
    return f"sha256:{sha256(source.encode()).hexdigest()}"
