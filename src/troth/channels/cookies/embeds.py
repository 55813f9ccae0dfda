"""What others show in our pages: a frame of a provider that the policy names and whose cookie it
declares. Until the cookie's category is chosen a placeholder stands there, the provider is asked
nothing, and the page's own content security policy would not let it be asked.

The setting `embeds` says where they are: `tag-company=https://tags.example/frame`, several with
blanks between; `slug/tag-company=…` is for one organisation of the installation alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from troth.channels.cookies import declared, listing
from troth.channels.cookies.standing import published_for, standing_of
from troth.core.errors import Invalid
from troth.core.notices.versions import Published
from troth.policy.blocks import Cookie

SCHEMES: Final = ("https", "http")


class EmbedInvalid(Invalid):
    """The setting `embeds` cannot be read."""

    status = 500


@dataclass(frozen=True, slots=True)
class Embed:
    """A provider's frame as a page shows it, or the placeholder in its stead."""

    owner: str
    url: str
    group: listing.Group
    cookies: tuple[str, ...]
    clause: str
    keep: tuple[str, ...]
    """What the browser has accepted already, and with it this embed's category."""
    allowed: bool

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def embeds(request: HttpRequest) -> list[Embed]:
    """The frames that the policy in force has a place for."""
    published = published_for(request)
    organisation: Any = getattr(request, "organisation", None)
    if published is None or organisation is None:
        return []
    found = []
    for key, url in _addresses(str(settings.HOME.option("embeds")), organisation.slug):
        cookies = [one for one in published.policy.cookies if one.owner == key]
        if cookies:
            found.append(_embed(request, published, url, cookies))
    return found


def let_in(response: HttpResponseBase, shown: list[Embed]) -> None:
    """Have the page's content security policy follow the choice."""
    origins = sorted({one.origin for one in shown if one.allowed})
    if origins:
        response._csp_update = {"frame-src": origins}  # type: ignore[attr-defined]  # noqa: SLF001 - as csp.decorators


def _embed(request: HttpRequest, published: Published, url: str, cookies: list[Cookie]) -> Embed:
    standing = standing_of(request)
    categories = {one.category for one in cookies} - {declared.NECESSARY}
    every = listing.groups(published.policy, standing)
    group = next(one for one in every if one.key in {one.category for one in cookies})
    party = published.policy.recipients[cookies[0].owner]
    return Embed(
        party.name,
        url,
        group,
        tuple(one.name for one in cookies),
        cookies[0].clause,
        tuple(sorted(standing.accepted | categories)),
        allowed=categories <= standing.accepted
        and all(_may_receive(published, one) for one in cookies),
    )


def _may_receive(published: Published, cookie: Cookie) -> bool:
    """Whether a clause lets its owner have what is in it, and what binds the owner still holds."""
    return all(
        published.rules.find(
            "share", purpose, published.policy.category(name), cookie.owner
        ).allowed
        for purpose in cookie.purposes
        for name in cookie.data
    )


@lru_cache(maxsize=64)
def _addresses(text: str, slug: str) -> tuple[tuple[str, str], ...]:
    found = {}
    for line in text.split():
        name, _, url = line.partition("=")
        whose, _, key = name.rpartition("/")
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or not parts.netloc or set(url) & set(";,'\""):
            raise EmbedInvalid(
                f"The setting `embeds` has no address for {name}.",
                do="Write `recipient=https://host/path`.",
            )
        if whose in {"", slug}:
            found[key] = url
    return tuple(found.items())
