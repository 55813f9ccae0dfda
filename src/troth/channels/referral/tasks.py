from __future__ import annotations

from uuid import UUID

from django_tasks import task

from troth.core.organisations.scope import scope


@task()
def send(organisation: str, referral: str) -> None:
    """Send an invitation; again later while the receiving side puts it off."""
    from troth.channels.referral import sending  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        again = sending.send(UUID(referral))
    if again is not None:
        send.using(run_after=again).enqueue(organisation, referral)
