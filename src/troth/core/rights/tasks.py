from __future__ import annotations

from uuid import UUID

from django_tasks import task

from troth.core.organisations.scope import scope


@task()
def go_on(organisation: str, request: str) -> None:
    """Do the steps of a request. The arguments are ids."""
    from troth.core.rights.models import Request  # noqa: PLC0415 - models
    from troth.core.rights.running import WORKER, fulfil  # noqa: PLC0415

    with scope(UUID(organisation)):
        found = Request.objects.filter(pk=UUID(request)).first()
        if found is not None:
            fulfil(found, actor=WORKER)
