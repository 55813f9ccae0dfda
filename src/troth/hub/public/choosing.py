"""What a person does on the preference page, with or without a log-in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.asking import look_up
from troth.core.choices import objecting
from troth.core.choices.deciding import Wish, decide
from troth.core.choices.models import Choice
from troth.core.choices.switches import latest_of
from troth.core.errors import Invalid
from troth.core.gate.manners import recipient
from troth.core.gate.permits import lock, standing_of
from troth.core.ledger.api import Line, timeline
from troth.core.ledger.timelines import plain
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.hub.public.mailing import LIFETIME, LINK
from troth.hub.public.switchboard import CHANNELS, board_as_decided, board_under
from troth.kit.links import LinkInvalid, read

BY_LINK: Final = "preference-link"
IN_ACCOUNT: Final = "preference-account"


class NoticeOutdatedInvalid(Invalid):
    """The page was made under a version that is no longer in force."""


def person_of(token: str) -> Person:
    """Whose link this is. Raises `LinkInvalid`, the same for every reason there can be."""
    ref = read(token, LINK, LIFETIME)
    found = look_up(Person, 1, ref=ref)
    if not found:
        raise LinkInvalid
    person = found[0]
    return person if person.root_id == person.pk else person.root


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
) -> list[Choice]:
    """Do what the person did on the page: turn each switch that stands otherwise than `shown`.

    What changed meanwhile elsewhere is left as it is, and sending a page twice is harmless.
    `renew` is a purpose whose yes is said again. A choice is one under the notice that was read:
    raises `NoticeOutdatedInvalid`, and saves nothing, if `version` is not the one in force.
    Returns what was changed, in order.
    """
    published = current()
    if version != published.version:
        raise NoticeOutdatedInvalid("The privacy policy changed while this page was open.")
    lock(person.root_id)
    standing = standing_of(person.root_id)
    # Since when a switch stands is read only for the end of what is said again.
    if renew:
        found = board_under(published.rules, standing, latest_of(person))
    else:
        found = board_as_decided(published.rules, standing)
    wishes = []
    for mark in found.over():
        wanted = mark.value in on
        if wanted not in (mark.value in shown, mark.on):
            wishes.append(Wish(mark.purpose, not wanted, mark.manner))
    for item in found.purposes():
        wanted = item.value in on
        turned = wanted not in (item.value in shown, item.on)
        if not item.held and (turned or (item.value == renew and item.ends and wanted)):
            wishes.append(Wish(item.purpose, wanted, item.manner, item.wording))
    return decide(person, wishes, actor=actor, way=way, standing=standing, published=published)


def history(person: Person, *, since: UUID | None = None, limit: int = 8) -> list[Line]:
    """What the ledger has on the person's choices, newest first; with `since` only that entry and
    what is newer, and nothing if there is no such entry of theirs.
    """
    refs = Person.objects.filter(root_id=person.root_id).values_list("ref", flat=True)
    lines = timeline(person.organisation_id, *refs).lines
    if since is not None:
        place = next((number for number, line in enumerate(lines, 1) if line.id == since), 0)
        lines = lines[:place]
    return [line for line in lines if line.act.startswith("choices.")][:limit]


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
