"""What a person does on the preference page, with or without a log-in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices import objecting
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.errors import Invalid
from troth.core.gate.manners import recipient
from troth.core.ledger.api import Line, timeline
from troth.core.ledger.timelines import plain
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.hub.public.mailing import LIFETIME, LINK
from troth.hub.public.switchboard import CHANNELS, board
from troth.kit.links import LinkInvalid, read

BY_LINK: Final = "preference-link"
IN_ACCOUNT: Final = "preference-account"


class NoticeOutdatedInvalid(Invalid):
    """The page was made under a version that is no longer in force."""


def person_of(token: str) -> Person:
    """Whose link this is. Raises `LinkInvalid`, the same for every reason there can be."""
    ref = read(token, LINK, LIFETIME)
    person = Person.objects.filter(ref=ref).select_related("root").first()
    if person is None:
        raise LinkInvalid
    return person.root


@action
def save(
    person: Person,
    *,
    actor: Actor,
    way: str,
    version: str,
    shown: Collection[str],
    on: Collection[str],
    renew: str = "",
) -> None:
    """Do what the person did on the page: turn each switch that stands otherwise than `shown`.

    What changed meanwhile elsewhere is left as it is, and sending a page twice is harmless.
    `renew` is a purpose whose yes is said again. A choice is one under the notice that was read:
    raises `NoticeOutdatedInvalid`, and saves nothing, if `version` is not the one in force.
    """
    if version != current().version:
        raise NoticeOutdatedInvalid("The privacy policy changed while this page was open.")
    found = board(person)
    for mark in (found.mark, *found.marks):
        wanted = mark.value in on
        if wanted not in (mark.value in shown, mark.on):
            refuse_solicitation(person, actor=actor, refused=wanted, way=way, manner=mark.manner)
    for item in found.purposes():
        wanted = item.value in on
        turned = wanted not in (item.value in shown, item.on)
        if not item.held and (turned or (item.value == renew and item.ends and wanted)):
            choose(
                person,
                actor=actor,
                purpose=item.purpose,
                yes=wanted,
                way=way,
                wording=item.wording,
                manner=item.manner,
            )


def history(person: Person, *, until: UUID | None = None, limit: int = 8) -> list[Line]:
    """What the ledger has on the person's choices, newest first; with `until` only what is newer
    than that entry.
    """
    refs = Person.objects.filter(root_id=person.root_id).values_list("ref", flat=True)
    found: list[Line] = []
    for line in timeline(person.organisation_id, *refs).lines:
        if line.id == until:
            break
        if line.act.startswith("choices."):
            found.append(line)
    return found[:limit]


def sentence(line: Line) -> str:
    """A line of the history in the words of the policy, with the channel or recipient if any, and
    whether it was the browser that spoke.
    """
    rules = current().rules

    def say(name: str, value: Any) -> str:
        known = name == "purpose" and rules.purposes.get(value)
        return f"“{known.label}”" if known else plain(name, value)

    detail = line.body.get("detail", {})
    manner = detail.get("manner", "")
    party = rules.recipients.get(manner.removeprefix(recipient("")))
    about = f"about {party.name}" if party else CHANNELS.get(manner, "")
    by = "as your browser asks" if detail.get("way") == objecting.WAY else ""
    return ", ".join(filter(None, (line.sentence(say), about, by)))
