"""What a crawl of the site saw, whoever drove the browser."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SeenPage:
    """One public page: whether it leads to the policy, and what the accessibility engine found."""

    path: str
    title: str
    leads_to_policy: bool
    violations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenCookie:
    """A cookie that a page set. `lasts` in seconds, None until the browser is closed; `chosen`:
    it came only after all was accepted.
    """

    name: str
    host: str
    page: str
    lasts: int | None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """What a page asked of another host first, or would send there."""

    host: str
    kind: str
    page: str


@dataclass(frozen=True, slots=True)
class SeenField:
    """A control that takes something in. `kind` and `autocomplete` as HTML has them."""

    page: str
    name: str
    label: str
    kind: str
    autocomplete: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """All of it. `whole` says whether the crawl came to its end before its bounds.

    `policy` is the path of the page of the policy and `words` what a person reads there;
    `engine` the accessibility engine and its version.
    """

    url: str
    whole: bool
    seconds: float
    engine: str
    language: str = ""
    policy: str = ""
    words: str = ""
    pages: tuple[SeenPage, ...] = ()
    cookies: tuple[SeenCookie, ...] = ()
    requests: tuple[SeenRequest, ...] = ()
    fields: tuple[SeenField, ...] = field(default=())
    filled: int = 0
    """Controls that were filled in with marked values. None of it was sent."""
    typed: tuple[SeenRequest, ...] = ()
    """Where what was typed went all the same."""
