from __future__ import annotations

from uuid import UUID

from django_tasks import task

from troth.core.organisations.scope import scope


@task()
def tell(organisation: str, request: str, what: str, tries: int = 0) -> None:
    """Mail somebody about their request; again later while the receiving side puts it off."""
    from troth.channels.rights import mails  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        again = mails.deliver(UUID(request), what, tries)
    if again is not None:
        tell.using(run_after=again).enqueue(organisation, request, what, tries + 1)


@task()
def hand_over(organisation: str, request: str, to: str, tries: int = 0) -> None:
    """Mail the file of a case to the programme that mediates; again later while it puts it off."""
    from troth.channels.rights import escalating  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        again = escalating.deliver(UUID(request), to, tries)
    if again is not None:
        hand_over.using(run_after=again).enqueue(organisation, request, to, tries + 1)


@task()
def tell_recipient(organisation: str, telling: str) -> None:
    """Mail a recipient of somebody's data that it has to be corrected or deleted."""
    from troth.channels.rights import passing_on  # noqa: PLC0415 - models

    with scope(UUID(organisation)):
        passing_on.deliver(UUID(telling))
