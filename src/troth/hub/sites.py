"""From a host name to an organisation."""

from __future__ import annotations

from troth.core.asking import look_up
from troth.core.errors import Missing
from troth.core.organisations.models import Organisation


class SiteMissing(Missing):
    """No organisation of this installation has its site at this address."""


def organisation_of(host: str) -> Organisation:
    """The organisation whose host name this is; the only one, where there is one alone."""
    name = host.rsplit(":", 1)[0].lower()
    found = look_up(Organisation, 3, host=(name, ""))
    for organisation in found:
        if organisation.host:
            return organisation
    if len(found) == 1:
        return found[0]
    raise SiteMissing(
        "There is no site at this address.",
        why="No organisation on this installation uses this host name.",
        do="Check the address, or ask the company for it.",
    )


def organisation_named(slug: str | None) -> Organisation:
    """The organisation of that slug, or the only one there is."""
    found = list(Organisation.objects.filter(**({"slug": slug} if slug else {}))[:2])
    if len(found) == 1:
        return found[0]
    raise SiteMissing(
        f"There is no organisation {slug}." if slug else "Which organisation is not clear.",
        do="Name one with --organisation.",
    )
