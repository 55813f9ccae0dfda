"""A company with many people to write to, in this very process; for campaigns that are measured."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from support.installations import Installation

BODY = (
    "Dear {{ name | friend }},\n\nthe new **search** is there, and [this page](https://comm100.example"
    "/search) shows what it can do. "
    + "It finds words in every conversation, and it is quick. " * 12
    + "\n\n- in chats\n- in tickets\n- in letters\n\nYours, the makers\n"
)
SUBJECT = "What is new, {{ name | friend }}"
PURPOSE = "newsletter"


@contextmanager
def company_of(installation: Installation) -> Iterator[Any]:
    """Django on this installation, with its organisation in scope. Once in a process."""
    os.environ |= installation.variables() | {"DJANGO_SETTINGS_MODULE": "troth.hub.settings"}
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from troth.core.organisations.models import Organisation  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415

    organisation = Organisation.objects.get()
    with scope(organisation):
        yield organisation


def people(count: int) -> list[Any]:
    """So many people who may get the newsletter, as the policy in force collects them."""
    from campaigns.crowd import crowd  # noqa: PLC0415
    from troth.core.notices.versions import current  # noqa: PLC0415

    published = current()
    for touchpoint in published.rules.touchpoints.values():
        if all(
            published.rules.find("collect", PURPOSE, category, touchpoint.key).allowed
            for category in ("user.contact.email", "user.name")
        ):
            return crowd(
                count,
                purposes=[PURPOSE],
                touchpoint=touchpoint.key,
                version=published.version,
                clause=touchpoint.clause,
            )
    raise SystemExit("the policy collects no name and address for its newsletter")


def campaign() -> Any:
    """A campaign that is due."""
    from troth.channels.campaigns import actions  # noqa: PLC0415
    from troth.core.actors import Actor  # noqa: PLC0415

    actor = Actor.system("cli")
    writing = actions.Writing("Measured", PURPOSE, SUBJECT, BODY)
    return actions.submit(actions.write(writing, actor=actor), actor=actor)
