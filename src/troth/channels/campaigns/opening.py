"""Opens and clicks: counted where a clause collects them and the person's choice permits it now."""

from __future__ import annotations

from typing import Literal

from troth.channels.campaigns.models import Copy
from troth.channels.campaigns.purposes import EMAIL, OPENED, tracking_purpose
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.gate.audiences import audience
from troth.core.gate.collecting import collect
from troth.core.notices.versions import current


def may_follow(copy: Copy) -> bool:
    """Whether this person's openings may be collected at this moment."""
    purpose = tracking_purpose()
    if not purpose:
        return False
    people = audience(purpose=purpose, data=[EMAIL])
    return people.filter(person__root_id=copy.person.root_id).exists()


@action
def note_opening(copy: Copy, *, what: Literal["opened_at", "clicked_at"]) -> bool:
    """Note it, if it may be. Returns whether it was; nothing else of the caller is looked at."""
    if not may_follow(copy):
        return False
    touchpoint = current().rules.touchpoints[OPENED]
    person = copy.person
    actor = Actor("person", person.ref, person_id=person.pk)
    with collect(actor=actor, touchpoint=OPENED, data=list(touchpoint.data)):
        unset = {f"{what}__isnull": True}
        Copy.objects.filter(pk=copy.pk, **unset).update(**{what: clock.now()})
    return True
