from __future__ import annotations

from uuid import UUID

from django_tasks import task

from troth.core.organisations.scope import scope


@task()
def ask(organisation: str, order: str) -> None:
    """Mail the question of an order; again later while the receiving side puts it off."""
    from troth.channels.domains import asking  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        again = asking.ask(UUID(order))
    if again is not None:
        ask.using(run_after=again).enqueue(organisation, order)
