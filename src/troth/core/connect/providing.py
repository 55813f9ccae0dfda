"""What the registry of sources asks: the sources of the organisation in scope, if it has any.

SQLAlchemy and fideslang take a second to import, in every process; an installation that connects
nothing never does.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from troth.core.connect.models import Connection
from troth.core.rights.sources import Source


def connected() -> Iterator[Source]:
    """For `register_sources`: what is connected, and annotated models."""
    rows = list(Connection.objects.all())
    if rows:
        from troth.core.connect.sources import source_of  # noqa: PLC0415 - see above

        yield from map(source_of, rows)
    if getattr(settings, "TROTH_ANNOTATIONS", ()):
        from troth.core.connect.annotations import annotated  # noqa: PLC0415 - see above

        yield from annotated()
