from __future__ import annotations

from uuid import UUID

from django_tasks import task

from troth.core.organisations.scope import scope


@task()
def tell_more(organisation: str, announcement: str) -> None:
    """Queue mails to a batch of people who are to be told, and see to the next batch."""
    from troth.channels.recipients import announcing  # noqa: PLC0415 - models
    from troth.channels.recipients.models import Announcement  # noqa: PLC0415

    with scope(UUID(organisation)):
        found = Announcement.objects.filter(pk=announcement).first()
        if found is not None and announcing.tell_batch(found):
            tell_more.enqueue(organisation, announcement)


@task()
def send_list(organisation: str, handover: str) -> None:
    """Send a list to its recipient's own service. The arguments are ids."""
    from troth.channels.recipients import sending_lists  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        sending_lists.send(UUID(handover))


@task()
def deliver(organisation: str, delivery: str) -> None:
    """Say one thing to a recipient's service; again later while it does not take it."""
    from troth.channels.recipients import delivering  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        again = delivering.deliver(UUID(delivery))
    if again is not None:
        deliver.using(run_after=again).enqueue(organisation, delivery)
