from __future__ import annotations

from uuid import UUID

from django_tasks import task

from troth.core.organisations.scope import scope


@task(priority=-10)  # mail to people goes first
def call(organisation: str, exercise: str) -> None:
    """Tell an agent how a request stands. The arguments are ids."""
    from troth.channels.agents import calling_back  # noqa: PLC0415 - it queues this

    with scope(UUID(organisation)):
        calling_back.call(UUID(exercise))
