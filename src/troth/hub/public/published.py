"""The versions of a policy as the public pages list and show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from troth.core import clock
from troth.core.notices.models import PolicyVersion
from troth.core.notices.versions import Published, current
from troth.kit import words
from troth.policy import Comparison, Policy, compare, picture, render_html, render_markdown

NEWS: Final = timedelta(days=30)
"""How long the home page points at a new version."""


KEPT: Final = 64
_made: Final[dict[tuple[UUID, str], str]] = {}


@dataclass(frozen=True, slots=True)
class Version:
    """A line in the list of versions."""

    version: str
    published_at: datetime
    material: bool
    url: str


def versions() -> list[Version]:
    """All published versions, the one in force first. Old ones stay readable for good."""
    rows = PolicyVersion.objects.values_list("version", "published_at", "material")
    return [
        Version(name, at, material, page_url(name, in_force=index == 0))
        for index, (name, at, material) in enumerate(rows)
    ]


def page_url(version: str, *, in_force: bool) -> str:
    """Where a version is read."""
    return (
        reverse("public:policy") if in_force else reverse("public:policy-version", args=[version])
    )


def notice() -> dict[str, str] | None:
    """The banner of the home page while a version is news; None otherwise, and for the first."""
    newest = list(PolicyVersion.objects.all()[:2])
    if len(newest) < 2:  # noqa: PLR2004 - a pair
        return None
    new, old = newest
    ends = current().rules.refusable_until(new.published_at)
    if clock.now() > max(new.published_at + NEWS, ends):
        return None
    more = "The version before stays readable beside it."
    if new.material and ends > new.published_at:
        more = (
            "What you gave us before serves nothing new until you were told and had "
            f"{words.duration(current().rules.window)} to refuse."
        )
    return {
        "text": f"Our privacy policy changed on {words.day(new.published_at)}. {more}",
        "url": reverse("public:policy-compare", args=[old.version, new.version]),
        "link": "See what changed",
    }


def html(published: Published) -> SafeString:
    """The text of a version, made safe by the renderer."""
    return mark_safe(_text(published, "html"))  # noqa: S308 - render_html cleans with nh3


def flows(published: Published) -> SafeString:
    """The picture of all flows of a version."""
    return mark_safe(_text(published, "picture"))  # noqa: S308 - drawn and escaped by the language


def markdown(published: Published) -> str:
    """The text of a version as Markdown."""
    return _text(published, "markdown")


def changes(before: Published, after: Published) -> Comparison:
    """What changed in effect from one version to another."""
    return compare(before.policy, after.policy)


def _text(published: Published, form: str) -> str:
    """A version in a form. Versions never change, so each is made once for each process."""
    key = (published.id, form)
    if key not in _made:
        if len(_made) >= KEPT:
            _made.clear()
        make: dict[str, Callable[[Policy], str]] = {
            "html": render_html, "markdown": render_markdown, "picture": picture,
        }  # fmt: skip
        _made[key] = make[form](published.policy)
    return _made[key]
