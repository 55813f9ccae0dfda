from __future__ import annotations

from uuid import UUID

from django_tasks import task

from troth.core.organisations.scope import scope


@task()
def announce(organisation: str, version: str) -> None:
    """Queue the mails about a version to a batch of people, and see to the next batch."""
    from troth.channels.notices import announcing  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        if announcing.announce(version):
            announce.enqueue(organisation, version)
