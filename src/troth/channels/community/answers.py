"""What somebody answered to being shown in public."""

from __future__ import annotations

from troth.channels.community.clauses import Place
from troth.core.gate.manners import recipient
from troth.core.gate.models import Stance
from troth.core.people.models import Person


def said_no(person: Person, where: Place) -> bool:
    """Whether this human refused the purpose, or that it is public."""
    no = Stance.objects.filter(
        person__root_id=person.root_id,
        purpose=where.purpose,
        manner__in=("", recipient(where.to)),
        decision=Stance.Decision.REFUSED,
    )
    return no.exists()
