from __future__ import annotations

from uuid import UUID

from django_tasks import task

from troth.core.organisations.scope import scope


@task()
def tell(organisation: str, case: str) -> None:
    """Write to the next people of a transfer, and see to those after them. Ids alone."""
    from troth.channels.cases import telling  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        if telling.tell_some(UUID(case)):
            tell.enqueue(organisation, case)
