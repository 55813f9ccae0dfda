"""The cookies a policy declares, in words: as the page of cookies and its dialog list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from troth.channels.cookies import declared
from troth.channels.cookies.standing import Standing, published_for, standing_of
from troth.core.choices.browsers import Answer
from troth.policy import Policy
from troth.policy.blocks import Cookie

GROUPS: Final = (
    ("necessary", "Needed for what you asked", "Set when you use what needs them, never before."),
    ("preferences", "Your preferences", "Set only if you accept them."),
    ("analytics", "Statistics", "Set only if you accept them."),
    ("marketing", "Marketing", "Set only if you accept them."),
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A cookie in words."""

    name: str
    text: str
    kept: str
    tied: str
    set_by: str
    clause: str


@dataclass(frozen=True, slots=True)
class Group:
    """A category with its cookies, and how it stands in a browser."""

    key: str
    title: str
    text: str
    cookies: tuple[Declared, ...]
    on: bool = False
    objected: bool = False
    unanswered: bool = False

    @property
    def needed(self) -> bool:
        return self.key == declared.NECESSARY


def groups(policy: Policy, standing: Standing) -> list[Group]:
    """The categories the policy has cookies of."""
    found = [
        Group(
            category,
            title,
            text,
            tuple(_declared(policy, one) for one in declared.of(policy, category)),
            on=category in standing.accepted,
            objected=category in standing.objected,
            unanswered=category in standing.unanswered,
        )
        for category, title, text in GROUPS
    ]
    return [group for group in found if group.cookies]


def groups_of(request: HttpRequest) -> list[Group]:
    """The same for the browser of a request."""
    published = published_for(request)
    return groups(published.policy, standing_of(request)) if published else []


def answer(policy: Policy, category: str, *, yes: bool) -> Answer:
    """A yes or no to a category, in the words that stand beside its switch."""
    title, text = next((title, text) for key, title, text in GROUPS if key == category)
    cookies = declared.of(policy, category)
    lines = [f"{one.name}: {_text(policy, one)}" for one in cookies]
    clause = cookies[0].clause if cookies else ""
    return Answer(yes, "\n\n".join([f"{title}. {text}", *lines]), clause)


def _declared(policy: Policy, cookie: Cookie) -> Declared:
    owner = policy.recipients.get(cookie.owner)
    return Declared(
        cookie.name,
        _text(policy, cookie),
        "until you close the browser" if cookie.lasts == "session" else cookie.lasts,
        "yes, once we know you" if cookie.links_to_person else "no",
        owner.name if owner else policy.company.name,
        cookie.clause,
    )


def _text(policy: Policy, cookie: Cookie) -> str:
    clause = policy.clause(cookie.clause)
    return clause.text if clause else cookie.text
