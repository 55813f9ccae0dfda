"""What the registry of sources asks: the sources of the organisation in scope, if it has any.

SQLAlchemy and fideslang take a second to import, in every process; an installation that connects
nothing never does.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from troth.core.asking import ALL, look_up
from troth.core.connect.models import Connection
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id
from troth.core.rights.sources import Source


def connected() -> Iterator[Source]:
    """For `register_sources`: what is connected, and annotated models."""
    rows = look_up(Connection, ALL)
    if rows:
        from troth.core.connect.sources import source_of  # noqa: PLC0415 - see above

        yield from map(source_of, rows)
    # The application beside ours is the host's: another organisation's requests never reach it.
    if getattr(settings, "TROTH_ANNOTATIONS", ()) and _is_host():
        from troth.core.connect.annotations import annotated  # noqa: PLC0415 - see above

        yield from annotated()


def _is_host() -> bool:
    return Organisation.objects.filter(pk=current_organisation_id(), is_host=True).exists()
