"""What may be done here: take a report, count a request, name the sites that may report."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from troth.channels.web import acts, counting, visitors
from troth.channels.web.beacons import Seen
from troth.channels.web.grounds import Ground
from troth.channels.web.models import Site, Tally
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.ledger.api import record
from troth.core.notices.versions import Published, current
from troth.core.organisations.scope import current_organisation_id

MANAGE: Final = "connect.manage"
MOST_SITES: Final = 50


@action
def take(seen: Seen, *, number: str, ground: Ground, published: Published, actor: Actor) -> bool:
    """Count what a page reported, of a browser with this number or of one without any. Under a
    policy that links the number to the person what it did is kept too. False if nothing was noted.

    Whoever did not say yes is the caller's to ask about (`Ground.asks`).
    """
    if number and ground.knows:
        known = visitors.note(number, seen, ground=ground, published=published, actor=actor)
        if not known:
            return False
    counting.count(seen, Tally.Source.VISIT, who=number)
    return True


@action
def log(seen: Seen, *, who: str) -> None:
    """Count a request to the server itself. `who` is what of it may tell browsers apart today."""
    counting.count(seen, Tally.Source.LOG, who=who)


@action
def add_site(text: str, *, actor: Actor) -> Site:
    """Let the pages of an origin report here. Raises `Invalid` for what is no origin."""
    actor.needs(MANAGE)
    origin = origin_of(text)
    if Site.objects.count() >= MOST_SITES:
        raise Invalid(f"More than {MOST_SITES} sites are not kept.", do="Remove one first.")
    found, made = Site.objects.get_or_create(origin=origin, defaults={"added_at": clock.now()})
    if made:
        _changed(acts.SITE_ADDED, actor)
    return found


@action
def remove_site(site: Site, *, actor: Actor) -> None:
    """Take no more reports from the pages of an origin."""
    actor.needs(MANAGE)
    site.delete()
    _changed(acts.SITE_REMOVED, actor)


def origin_of(text: str) -> str:
    """An origin in one spelling (RFC 6454). Raises `Invalid`."""
    try:
        found = urlsplit(text.strip())
        port = found.port
    except ValueError:
        found, port = urlsplit(""), None
    host = (found.hostname or "").lower()
    plain = found.path in ("", "/") and not (found.query or found.fragment or found.username)
    if found.scheme not in ("http", "https") or not host or not plain or len(host) > 150:  # noqa: PLR2004 - a name's length
        raise Invalid(
            "This is not the address of a site.",
            why="Pages report by their origin: scheme, name, and perhaps a port.",
            do="Write it like https://www.example.com, without a path.",
        )
    usual = {"http": 80, "https": 443}[found.scheme]
    return f"{found.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def _changed(act: str, actor: Actor) -> None:
    owner = current_organisation_id()
    record(act=act, organisation=owner, actor=actor, version=current().version)
