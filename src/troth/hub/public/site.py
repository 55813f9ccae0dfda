"""What the shells show of an organisation: its name, colour, menu and how to reach it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

from troth.channels.billing.api import for_sale
from troth.channels.community.api import pages
from troth.channels.conversations.api import script_of
from troth.channels.cookies.api import arrangement, bar, kept
from troth.channels.domains.api import offered as domains_offered
from troth.channels.web.api import counter_for
from troth.core.choices.objecting import objection_clause
from troth.core.notices.versions import PolicyMissing, current
from troth.core.organisations.models import Organisation
from troth.kit.shell import Link, Site
from troth.policy.model import Address

REGION: Final = re.compile(r"\b[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b", re.IGNORECASE)

MENU = (
    ("Home", "public:home"),
    ("Privacy policy", "public:policy"),
    ("Your choices", "public:preferences"),
    ("Your rights", "requests:index"),
    ("Your account", "accounts:home"),
)


def site_of(organisation: Organisation, request: HttpRequest) -> Site:
    """The site as the shells read it; without a published policy, what is known without one."""
    match = request.resolver_match
    links = [
        Link(label, url(name), current=bool(match and match.view_name == name))
        for label, name in MENU
    ]
    plain = Site(organisation.name, organisation.accent, nav=[link for link in links if link.url])
    try:
        found = current()
    except PolicyMissing:
        return plain
    policy, company = found.policy, found.policy.company
    address = address_for(company.address, request.headers.get("Accept-Language", ""))
    return Site(
        name=organisation.name,
        accent=company.accent or organisation.accent,
        nav=[*plain.nav[:1], *_offered(request), *plain.nav[1:]],
        policy_url=url("public:policy"),
        cookie_settings_url=url("cookies:settings"),
        privacy_contact=company.privacy_contact,
        language=policy.language,
        address=[line for line in address if line != organisation.name],
        gpc=getattr(request, "gpc", False),
        gpc_clause=objection_clause(found.rules),
        chat=script_of(found),
        cookie_bar=bar(request) if not _on(request, "cookies:settings") else "",
        theme=arrangement(request).get("theme", ""),
        kept=kept(request),
        scripts=[static("cookies/cookies.js")],
        counter=(counter := counter_for(request, found)),
        counter_picture=url("web:pixel") if counter else "",
    )


def _offered(request: HttpRequest) -> Iterator[Link]:
    """Pages that only some policies have, where there is something on them."""
    if for_sale().exists():
        yield Link("Shop", url("billing:shop"), current=_on(request, "billing:shop"))
    for page in pages():
        yield Link(page.label, page.url, current=request.path == page.url)
    if domains_offered():
        yield Link("Domains", url("domains:whois"), current=_on(request, "domains:whois"))


def _on(request: HttpRequest, name: str) -> bool:
    return bool(request.resolver_match and request.resolver_match.view_name == name)


def address_for(places: Sequence[Address], languages: str) -> Sequence[str]:
    """The postal address for where a visitor's browser says that they are: the first region among
    its languages (RFC 9110, section 12.5.4). Elsewhere, or if it says none, the one for all.
    """
    by_region = {place.region: place.lines for place in reversed(places)}
    found = REGION.search(languages)
    everywhere = by_region.get("*") or (places[0].lines if places else ())
    return by_region.get(found[1].upper() if found else "*", everywhere)


def url(name: str) -> str:
    """The address of a page; empty where the part it belongs to is not installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
