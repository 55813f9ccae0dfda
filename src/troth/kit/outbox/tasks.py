from __future__ import annotations

from uuid import UUID

from django_tasks import task

from troth.core.organisations.scope import scope


@task()
def deliver(organisation: str, message: str) -> None:
    """Deliver one message. The arguments are ids; the words are made while it is sent."""
    from troth.kit.outbox.delivery import deliver_message  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        deliver_message(UUID(message))
