"""The pages of an account as its menu lists them. What is no channel's adds its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from troth.kit.shell import Link


def always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the account: its label, and its name in the URLs."""

    label: str
    name: str
    where: Callable[[], bool] = always
    """Whether it is a page of the organisation in scope."""


PARTS: Final = [
    Part("Overview", "accounts:home"),
    Part("My data", "accounts:my-data"),
    Part("Profile", "accounts:profile"),
    Part("Security", "accounts:security"),
    Part("Sessions", "accounts:sessions"),
]
_choices: Final[list[str]] = []


def register_choices(name: str, label: str = "Choices") -> None:
    """Make a page of another part the one where a person inside the account chooses."""
    part = Part(label, name)
    if part not in PARTS:
        PARTS.insert(2, part)
        _choices.append(name)


def register_part(name: str, label: str, *, where: Callable[[], bool] = always) -> None:
    """Add a page of another part to the account's menu, behind “My data”; `where` says whether the
    organisation in scope has it.
    """
    part = Part(label, name, where)
    if part not in PARTS:
        PARTS.insert(2, part)


def choices_url() -> str:
    """Where the person's choices are changed; "" if no part has a page for it."""
    return reverse(_choices[-1]) if _choices else ""


def account_parts(request: Any) -> list[Link]:
    """The menu of the account for a page of it."""
    here = request.resolver_match.view_name
    return [
        Link(part.label, reverse(part.name), current=part.name == here)
        for part in PARTS
        if part.where()
    ]
