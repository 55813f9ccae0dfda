from __future__ import annotations

from uuid import UUID

from django_tasks import task

from troth.core.organisations.scope import scope


@task()
def restore(organisation: str) -> None:
    """Back up, erase, restore and look, telling how far it is."""
    from troth.hub.demo.holding import restoring  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        restoring.carry_out()
