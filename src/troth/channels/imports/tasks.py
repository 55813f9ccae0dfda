from __future__ import annotations

from uuid import UUID

from django_tasks import task

from troth.core.organisations.scope import scope


@task(priority=-10)  # mail goes first
def go_on(organisation: str, run: str, turn: str) -> None:
    """Work on an import for a slice of time. The arguments are ids."""
    from troth.channels.imports.running import work  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        work(UUID(run), UUID(turn))
