"""Suppression: a no that outlives the person's record.

What a person refused is kept with their record. When the record is erased, or an address never had
one, the no is kept as a keyed digest of the address alone, so that neither an import nor a mail
brings it back. Callers hold an opening that may search by the category (`gate.search`, a
`gate.collect`) or read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from troth.core import clock
from troth.core.actors import Actor
from troth.core.asking import look_up
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.choices.models import Suppression
from troth.core.gate.models import Stance
from troth.core.gate.permits import solicits, standing_of
from troth.core.gate.purging import addresses
from troth.core.inserting import insert
from troth.core.keyring.opening import require
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element, Person
from troth.core.people.records import IDENTIFYING, Given
from troth.core.sealing.blind import mark

Reason = Suppression.Reason
ALL: Final = Stance.SOLICITATION
WAY: Final = "suppression"
MOST: Final = 1000  # rows of one address: more than there are purposes and reasons


def suppress(category: str, text: str, *, purpose: str = ALL, reason: str) -> None:
    """Keep an address from coming back for a purpose, or for all that solicits. Repeats are one."""
    suppress_digest(mark(require(category), category, text), purpose=purpose, reason=reason)


def suppress_digest(digest: bytes, *, purpose: str = ALL, reason: str) -> None:
    """As `suppress`, where the address itself is not at hand: by its digest (`blind.mark`)."""
    row = Suppression(
        organisation_id=current_organisation_id(),
        digest=digest,
        purpose=purpose,
        reason=Reason(reason),
        at=clock.now(),
    )
    if not Suppression.objects.filter(digest=digest, purpose=purpose, reason=row.reason).exists():
        insert([row])


def suppressed(category: str, text: str) -> Mapping[str, frozenset[str]]:
    """What an address is kept from: purposes (or `ALL`) with the reasons; empty if nothing."""
    digest = mark(require(category), category, text)
    reasons: dict[str, frozenset[str]] = {}
    for row in look_up(Suppression, MOST, digest=digest):
        reasons[row.purpose] = reasons.get(row.purpose, frozenset()) | {row.reason}
    return reasons


def lift(category: str, text: str, *, purpose: str = ALL) -> int:
    """Let an address come back: whoever reads its mail said so. Returns how many rows went."""
    digest = mark(require(category), category, text)
    return Suppression.objects.filter(digest=digest, purpose=purpose).delete()[0]


def remember(person: Person) -> None:
    """Keep what an erased human refused, by their addresses. Before their key is destroyed, and
    inside an opening that reads the addresses.
    """
    standing = standing_of(person.root_id)
    refused = {
        purpose
        for (purpose, manner), stance in standing.stances.items()
        if stance.decision == Stance.Decision.REFUSED and not manner
    }
    held = Element.objects.filter(
        person__root_id=person.root_id, category__in=IDENTIFYING, identifies=True
    )
    for element in held:
        suppress(element.category, element.value, reason=Reason.ERASED)
        for purpose in refused:
            suppress(element.category, element.value, purpose=purpose, reason=Reason.REFUSED)


def forget(person: Person) -> None:
    """Remove what is kept of somebody's addresses: they are purged, and nothing remembers them."""
    for category, text in addresses(person):
        digest = mark(require(category), category, text)
        Suppression.objects.filter(digest=digest).delete()


def recall(person: Person, given: Sequence[Given]) -> bool:
    """Refuse for a new record what its addresses are kept from. Returns whether anything was.

    Whoever was erased and comes back by themselves starts anew, without the offers they had; each
    can be switched on again. A mark above all choices comes back as that mark.
    """
    reasons: dict[str, frozenset[str]] = {}
    for item in given:
        if item.category in IDENTIFYING:
            for purpose, why in suppressed(item.category, item.text).items():
                reasons[purpose] = reasons.get(purpose, frozenset()) | why
    if not reasons:
        return False
    rules, actor = current().rules, Actor.system("suppression")
    if Reason.REFUSED in reasons.get(ALL, ()):
        refuse_solicitation(person, actor=actor, refused=True, way=WAY)
    for mark_above in (Stance.COLLECTION, Stance.ONWARD):
        if Reason.REFUSED in reasons.get(mark_above, ()):
            choose(person, actor=actor, purpose=mark_above, yes=False, way=WAY)
    for purpose, found in rules.purposes.items():
        if found.basis == "opt-out" and (
            purpose in reasons or (ALL in reasons and solicits(purpose, rules))
        ):
            choose(person, actor=actor, purpose=purpose, yes=False, way=WAY)
    return True
