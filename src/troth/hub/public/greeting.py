"""A word for somebody who comes back and is known: under a purpose that personalises, which they
can switch off, and only in a browser where they have shown who they are.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from troth.channels.web.api import Visitor, who_is
from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.gate.uses import use
from troth.core.notices.versions import Published
from troth.core.people.models import Element, Person
from troth.policy.taxonomy import covers

USE: Final = "personalize"
NAME: Final = "user.name"


def greeting(request: HttpRequest, published: Published) -> str:
    """The name to greet with at the beginning of a visit; "" where nobody is known, the policy has
    no such purpose, or they do not want it.

    It is read once a visit, not on each page: every reading stands on the person's own ledger.
    """
    purpose = _purpose(published)
    person = _known(request) if purpose and not _goes_on(request) else None
    if person is None:
        return ""
    actor = Actor("person", person.ref, person_id=person.pk)
    try:
        with use(actor=actor, purpose=purpose, person=person, data=[NAME]):
            held = Element.objects.filter(person__root_id=person.pk, category=NAME)
            newest = held.order_by("-collected_at", "-id").first()
            return str(newest.value or "") if newest else ""
    except Denied:  # their no, or a name that came for something else: no more is to be said
        return ""


def _purpose(published: Published) -> str:
    for key, one in published.rules.purposes.items():
        if one.basis != "prohibited" and covers(USE, one.use):
            return key
    return ""


def _known(request: Any) -> Person | None:
    """Whoever is logged in here, or was, in a browser that the policy lets be linked to them. What
    somebody merely typed names nobody: it could be anybody's name.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        found: Person = request.user.person.root
        return found
    visitor = who_is(request)
    if visitor is None or visitor.joined != Visitor.Joined.SHOWN:
        return None
    return visitor.person.root


def _goes_on(request: HttpRequest) -> bool:
    """Whether they come from another page of this site."""
    return bool(
        request.headers.get("Referer", "").startswith(f"{request.scheme}://{request.get_host()}/")
    )
