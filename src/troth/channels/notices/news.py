"""What a new version means for one person: what changed since what they know, and what they can do
about it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.gate import telling
from troth.core.gate.manners import recipient
from troth.core.gate.models import Told
from troth.core.gate.permits import standing_of
from troth.core.notices import changes
from troth.core.notices.models import PolicyVersion
from troth.core.notices.versions import Published, current, version
from troth.core.people.models import Element, Person
from troth.policy import compare

SITE: Final = "site"


@dataclass(frozen=True, slots=True)
class Refusable:
    """Something new that a person may refuse; `key` names it in the form."""

    key: str
    purpose: str
    manner: str
    label: str
    clause: str
    basis: str
    refused: bool


@dataclass(frozen=True, slots=True)
class News:
    """What changed for somebody, from the version they know to the one in force."""

    known: Published
    published: Published
    changes: list[changes.Item]
    refusable: list[Refusable]
    told: Told | None

    @property
    def until(self) -> datetime:
        """When what is new begins to hold for what they gave before."""
        if self.told is not None:
            return self.told.opens_at
        return self.published.rules.refusable_until(clock.now())


def of(person: Person) -> News | None:
    """The news for a person; None if they know what is in force, or the changes are immaterial."""
    published = current()
    known = _known(person, published)
    if known is None:
        return None
    found = compare(known.policy, published.policy)
    if not found.material:
        return None
    told = Told.objects.filter(person__root_id=person.root_id, version=published.version).first()
    items = changes.in_effect(found)
    return News(known, published, items, _refusable(person, known, published), told)


def unread(person: Person) -> bool:
    """Whether there are news this person has not looked at on a page yet."""
    news = of(person)
    return news is not None and (news.told is None or not news.told.answer)


@action
def show(person: Person, news: News, *, actor: Actor, way: str) -> Told:
    """Note that the page was shown: they are told now, if they were not before."""
    told = news.told or telling.tell(person, actor=actor, version=news.published.version, way=way)
    telling.answer(told, actor=actor, accepted=False)
    return told


@action
def answer(person: Person, news: News, *, actor: Actor, way: str, refused: Collection[str]) -> None:
    """Take what they answered on the page: each refusal acts at once; the version is accepted."""
    told = show(person, news, actor=actor, way=way)
    for item in news.refusable:
        no = item.key in refused
        if no != item.refused and (no or item.basis == "opt-out" or item.manner):
            choose(
                person,
                actor=actor,
                purpose=item.purpose,
                manner=item.manner,
                yes=not no,
                way=way,
                wording=item.label,
            )
    telling.answer(told, actor=actor, accepted=True)


def _known(person: Person, published: Published) -> Published | None:
    """The latest version they were told of or gave data under, if it is not the one in force."""
    names = list(PolicyVersion.objects.values_list("version", flat=True))
    accepted = Told.objects.filter(person__root_id=person.root_id).exclude(
        version=published.version
    )
    seen = set(accepted.values_list("version", flat=True))
    held = Element.objects.filter(person__root_id=person.root_id)
    under = set(held.values_list("version", flat=True).distinct())
    if not under - {published.version}:
        return None
    # The oldest version anything was given under counts, unless they were told of a later one.
    oldest = max(names.index(name) for name in under if name in names)
    latest = min((names.index(name) for name in seen if name in names), default=oldest)
    return version(names[min(oldest, latest)])


def _refusable(person: Person, known: Published, published: Published) -> list[Refusable]:
    before, after = known.rules, published.rules
    standing = standing_of(person.root_id)
    held = set(
        Element.objects.filter(person__root_id=person.root_id).values_list("category", flat=True)
    )
    had = {question for question, _ in before.granted()}
    found: dict[str, Refusable] = {}
    for question, rule in after.granted():
        act, purpose, category, party = question
        declared = after.purposes[purpose]
        if question in had or category not in held or act == "collect":
            continue
        manner, label = "", declared.label
        if act == "use":
            if declared.basis == "essential":
                continue
        elif rule.choice == "none":
            continue
        else:
            manner = recipient(party)
            label = f"{declared.label}: {after.recipients[party].name or party}"
        key = f"{purpose}/{manner}"
        said = standing.stances.get((purpose, manner))
        found[key] = Refusable(
            key,
            purpose,
            manner,
            label,
            rule.clause,
            rule.choice if manner else declared.basis,
            said is not None and said.decision == "refused",
        )
    return list(found.values())
