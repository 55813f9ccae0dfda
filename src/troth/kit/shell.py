"""The shapes that the page shells read from the context: `site` and `console`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go: in the site's menu, in tabs, in breadcrumbs."""

    label: str
    url: str = ""
    current: bool = False
    count: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class RailItem:
    """A part of the console. `key` follows `g` on the keyboard; `count` is what waits there."""

    key: str
    label: str
    icon: str
    url: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Site:
    """What `kit/public.html` shows of an organisation. Empty means: leave it out."""

    name: str
    accent: str = ""
    home_url: str = "/"
    nav: Sequence[Link] = ()
    policy_url: str = ""
    cookie_settings_url: str = ""
    privacy_contact: str = ""
    language: str = "en"
    direction: str = "ltr"
    address: Sequence[str] = field(default=())
    gpc: bool = False
    gpc_clause: str = ""
    """Whether the browser asks for Global Privacy Control, and the clause by which it is heard."""
    chat: str = ""
    """The script that puts a chat on each page."""
    cookie_bar: str = ""
    """What a first visit is asked, as safe HTML."""
    theme: str = ""
    kept: str = ""
    """The colours the visitor chose before, and where the next such choice is kept: `visit`, in the
    page's storage until it is closed; `server`, by what listens for it; else in the browser."""
    scripts: Sequence[str] = field(default=())
    """Further modules of each page."""
    counter: str = ""
    counter_picture: str = ""
    """What counts a view of the page: by script, and where there is none by a picture."""


def links(items: Iterable[Any]) -> list[Link]:
    """Accept links as objects, mappings or tuples in the order of `Link`'s fields."""
    return [_as(Link, item) for item in items or ()]


def rail_items(items: Iterable[Any]) -> list[RailItem]:
    """Accept rail items as objects, mappings or tuples in the order of `RailItem`'s fields."""
    return [_as(RailItem, item) for item in items or ()]


def _as(kind: Any, item: Any) -> Any:
    if isinstance(item, Mapping):
        return kind(**item)
    if isinstance(item, (tuple, list)):
        return kind(*item)
    return item
