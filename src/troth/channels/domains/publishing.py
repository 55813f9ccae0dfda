"""What everybody may read of a domain's owner: what the owner chose, and it acts at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from troth.channels.domains import acts
from troth.channels.domains.clauses import DomainsMissing, Place, place
from troth.channels.domains.models import Domain
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.choices.deciding import choose
from troth.core.gate.manners import recipient
from troth.core.gate.models import Stance
from troth.core.gate.permits import standing_of
from troth.core.ledger.api import record
from troth.core.people.models import Person


@action
def show(domain: Domain, wanted: Iterable[str], *, actor: Actor, way: str) -> None:
    """Have exactly these fields shown, from now on; none of them is the default.

    A yes to the purpose goes with the first field that is shown, a no with the last that is not.
    """
    found = place()
    renew(domain, held=True)
    asked = set(wanted)
    keys = [one.field.key for one in found.showable if one.field.key in asked]
    if keys == domain.shown:
        return
    for one in found.showable:
        if one.field.key in keys and not _stands(domain.person, one.purpose, one.to, found):
            choose(
                domain.person,
                actor=actor,
                purpose=one.purpose,
                yes=True,
                way=way,
                wording=f"Show everybody: {one.field.label}",
            )
    _set(domain, keys, actor, found)
    for purpose in found.purposes if not keys else ():
        if not _shows(domain.person):
            choose(domain.person, actor=actor, purpose=purpose, yes=False, way=way)


def _set(domain: Domain, keys: list[str], actor: Actor, found: Place) -> None:
    domain.shown, domain.changed_at = keys, clock.now()
    domain.save(update_fields=["shown", "changed_at"])
    clauses = [one.clause for one in found.showable]
    detail = {"domain": domain.ref}
    record(
        act=acts.SHOWN if keys else acts.HIDDEN,
        organisation=domain.organisation_id,
        actor=actor,
        subject=domain.person.ref,
        purpose=next(iter(sorted(found.purposes)), ""),
        clause=clauses[0] if clauses else found.touchpoint.clause,
        version=found.published.version,
        detail=detail | ({"shown": ".".join(keys)[:64].rstrip(".")} if keys else {}),
    )


def _shows(person: Person) -> bool:
    """Whether any of their domains shows anything."""
    mine = Domain.objects.filter(person__root_id=person.root_id)
    return any(mine.values_list("shown", flat=True))


def _stands(person: Person, purpose: str, to: str, found: Place) -> bool:
    """Whether their yes to being shown stands now."""
    answer = standing_of(person.root_id).answer(purpose, found.rules, recipient(to))
    return answer == Stance.Decision.GIVEN


def chosen(person: Person, purposes: Collection[str]) -> None:
    """Somebody decided elsewhere, such as among their choices. A no hides all there is, so that a
    later yes shows only what is chosen then.
    """
    mine = Domain.objects.filter(person__root_id=person.root_id).exclude(shown=[])
    domains = list(mine)
    if not domains:
        return
    try:
        found = place()
    except DomainsMissing:
        return
    marks = set(purposes) & set(Stance.MARKS)
    if not marks and found.purposes.isdisjoint(purposes):
        return
    off = {
        one.field.key for one in found.showable if not _stands(person, one.purpose, one.to, found)
    }
    for domain in domains:
        kept = [key for key in domain.shown if key not in off]
        if kept != domain.shown:
            _set(domain, kept, Actor("person", person.ref, person_id=person.pk), found)
