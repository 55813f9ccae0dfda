"""Every URL stands in a permission table, and what the table says is what happens."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from support.installations import Site
from troth.core.staff.models import Role
from troth.hub.permissions import table
from troth.kit.permissions import PERSON, PUBLIC, STAFF

EXAMPLES: dict[str, Any] = {"UUIDConverter": UUID(int=1), "IntConverter": 1}


def patterns(resolver: Any, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every URL name of the resolver, with arguments that reverse it."""
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found, (*spaces, *([found.namespace] if found.namespace else [])))
        else:
            assert isinstance(found, URLPattern)
            assert found.name, f"{found.pattern} has no name, so no table can speak of it"
            converters = getattr(found.pattern, "converters", {})
            arguments = {
                name: EXAMPLES.get(type(converter).__name__, "x")
                for name, converter in converters.items()
            }
            yield ":".join((*spaces, found.name)), arguments


URLS = dict(patterns(get_resolver()))


def test_every_url_stands_in_a_table() -> None:
    assert URLS, "no URL was found, so this would prove nothing"
    missing = URLS.keys() - table().keys()
    assert not missing, f"add these to the PERMISSIONS of their part: {', '.join(sorted(missing))}"


def test_every_line_of_a_table_is_a_url() -> None:
    # The style guide is only there while developing.
    stale = table().keys() - URLS.keys() - {"styleguide"}
    assert not stale, f"no such URL: {', '.join(sorted(stale))}"


def test_every_need_is_known() -> None:
    known = {PUBLIC, PERSON, STAFF, *Role.Ability.values}
    assert {name: need for name, need in table().items() if need not in known} == {}


def test_the_table_is_asked() -> None:
    assert "troth.hub.permissions.PermissionMiddleware" in settings.MIDDLEWARE


@pytest.mark.parametrize("name", sorted(name for name in URLS if table().get(name) != PUBLIC))
def test_a_stranger_is_sent_to_the_log_in(name: str, site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.request("GET", reverse(name, kwargs=URLS[name]))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 302, f"{name} answered {answer.status} to somebody not logged in"
    assert str(answer.headers["Location"]).startswith(reverse(settings.LOGIN_URL))
