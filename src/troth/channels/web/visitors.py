"""Browsers that are known by the number in their cookie, and what is kept of their visits: only
where the policy links that cookie to the person once they are known.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import Final

from django.db import IntegrityError, transaction

from troth.channels.web.beacons import Seen
from troth.channels.web.grounds import (
    BROWSER,
    LANGUAGE,
    NETWORK,
    PAGES,
    REFERRER,
    TERMS,
    VISIT,
    Ground,
    visits,
)
from troth.channels.web.models import Event, Visitor
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.gate.collecting import Collecting, collect
from troth.core.gate.first import ASKING
from troth.core.gate.models import Permit
from troth.core.gate.permits import lock, standing_of
from troth.core.notices.versions import PolicyMissing, Published, current
from troth.core.organisations.scope import current_organisation_id
from troth.kit.keys import kept

WAY: Final = "cookie"
MOST_AT_ONCE: Final = 500


def _key() -> bytes:
    return secrets.token_bytes(32)


def digest_of(number: str) -> bytes:
    """How a cookie's number is kept: without the organisation's key nobody can test a guess."""
    key = kept("visitor", current_organisation_id(), _key)
    return hmac.digest(key, number.encode(), sha256)


def find(number: str) -> Visitor | None:
    """The visitor whose cookie has this number."""
    digest = digest_of(number)
    return Visitor.objects.select_related("person__root").filter(digest=digest).first()


def categories(ground: Ground, published: Published) -> list[str]:
    """The data categories of what the clause names."""
    return sorted({published.policy.category(name) for name in ground.elements})


def note(number: str, seen: Seen, *, ground: Ground, published: Published, actor: Actor) -> bool:
    """Keep what a known browser did, sealed under its visitor's key. False where whose it is has
    said no meanwhile: then nothing of it is kept, and nothing counted.
    """
    with collect(actor=actor, touchpoint=VISIT, data=categories(ground, published)) as point:
        visitor = known(number, point, ground=ground, published=published, actor=actor)
        if not _may(visitor, ground):
            return False
        now = clock.now()
        Event.objects.create(
            at=now,
            visitor=visitor,
            person=visitor.person,
            kind=Event.Kind.VIEW if seen.is_view else Event.Kind.CLICK,
            touchpoint=VISIT,
            version=published.version,
            page=_named(seen.page, PAGES, ground),
            link=seen.link or None,
            referrer=_named(seen.referrer, REFERRER, ground),
            terms=_named(seen.terms, TERMS, ground),
            browser=_named(f"{seen.browser} on {seen.system}", BROWSER, ground),
            language=_named(seen.language, LANGUAGE, ground),
            network=_named(seen.network, NETWORK, ground),
        )
        Visitor.objects.filter(pk=visitor.pk).update(last_at=now)
    return True


def known(
    number: str, point: Collecting, *, ground: Ground, published: Published, actor: Actor
) -> Visitor:
    """The visitor of this number, made if there is none. Inside the open touchpoint."""
    visitor = find(number) or _first_of(number, point)
    if visitor.version == published.version:
        return visitor
    point.hold(visitor.person, [], also=categories(ground, published))
    lock(visitor.person.root_id)
    said = standing_of(visitor.person.root_id).stances
    for purpose in _chosen(ground, published):
        if (purpose, "") not in said:  # what they said themselves stands, above all a no
            choose(visitor.person, actor=actor, purpose=purpose, yes=True, way=WAY)
    visitor.version = published.version
    visitor.save()
    return visitor


def _first_of(number: str, point: Collecting) -> Visitor:
    now = clock.now()
    try:
        with transaction.atomic():
            return Visitor.objects.create(
                digest=digest_of(number), person=point.person([]), first_at=now, last_at=now
            )
    except IntegrityError:  # two reports at once: the second finds what the first made
        found = find(number)
        if found is None:
            raise
        return found


def _chosen(ground: Ground, published: Published) -> list[str]:
    """What a yes to the cookie is a yes to: those of its purposes that need one."""
    wanted = ground.cookie.purposes if ground.cookie else ()
    return [
        purpose
        for purpose in wanted
        if purpose in ground.purposes and published.rules.purposes[purpose].basis in ASKING
    ]


def _may(visitor: Visitor, ground: Ground) -> bool:
    usable = Permit.objects.filter(
        Permit.usable(clock.now()),
        person_id=visitor.person_id,
        purpose__in=ground.counts_for,
    )
    return usable.exists()


def _named(value: str, element: str, ground: Ground) -> str | None:
    return value if value and element in ground.elements else None


def forget_gone() -> int:
    """Forget browsers that have not come for longer than their cookie lasts: what they did goes by
    the clause that keeps it, or with them. Returns how many there were.
    """
    try:
        ground = visits(current())
    except PolicyMissing:
        return 0
    lasts = ground.cookie.lifetime if ground and ground.cookie else None
    if lasts is None:
        return 0
    gone = Visitor.objects.filter(last_at__lt=clock.now() - lasts.length)
    found = list(gone.values_list("pk", flat=True)[:MOST_AT_ONCE])
    Visitor.objects.filter(pk__in=found).delete()
    return len(found)
