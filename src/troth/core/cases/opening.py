"""Opening a case. One on data that may leave begins as a draft; any other is open at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.cases import acts
from troth.core.cases.entering import OPEN, CaseInvalid, enter, write
from troth.core.cases.models import Case, Concern
from troth.core.inserting import insert
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person


@action
def open_case(
    kind: str,
    *,
    actor: Actor,
    ground: str = "",
    about: str = "",
    recipient: str = "",
    clause: str = "",
    purpose: str = "",
    categories: Iterable[str] = (),
    people: Iterable[Person] = (),
    owner: str = "",
    words: Mapping[str, str] | None = None,
) -> Case:
    """Open a case. `kind` is one of `Case.Kind`; `about` a key of what it is about where that is no
    person (``recipient.crm``); `owner` the reference of who sees to it; `words` what is written
    down, by name, sealed.

    A case of remedy or moderation is open at once, and the software may open it too; one on data
    that may leave is a draft, which needs the ability ``cases.open``. While one of the same kind
    about the same thing is open that one is returned.
    """
    if kind not in Case.Kind.values:
        raise CaseInvalid("There is no such kind of case.")
    drafted = kind in Case.DISCLOSING
    if drafted:
        actor.needs(OPEN)
    if about and not drafted:
        same = Case.objects.filter(kind=kind, about=about).exclude(state__in=Case.ENDED).first()
        if same is not None:
            return same
    case = Case(
        organisation_id=current_organisation_id(),
        kind=kind,
        state=Case.State.DRAFT if drafted else Case.State.OPEN,
        ground=ground,
        about=about,
        recipient=recipient,
        clause=clause,
        version=current().version,
        purpose=purpose,
        categories=sorted(categories),
        opened_by=actor.ref,
        opened_at=clock.now(),
        owner=owner or (actor.ref if actor.kind == "staff" else ""),
    )
    insert([case])
    name(case, people)
    if words:
        write(case, words, actor=Actor.system("cases"))
    named = (("ground", ground), ("about", about))
    enter(case, acts.OPENED, actor=actor, detail={key: value for key, value in named if value})
    return case


def name(case: Case, people: Iterable[Person]) -> int:
    """Name people in a case; whoever is named already stays so. Returns how many are new."""
    roots = {person.root_id for person in people}
    roots -= set(case.concerns.filter(person_id__in=roots).values_list("person_id", flat=True))
    fresh = [
        Concern(organisation_id=case.organisation_id, case=case, person_id=root)
        for root in sorted(roots)
    ]
    insert(fresh)
    return len(fresh)
