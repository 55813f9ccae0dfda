"""People with a preference page each, for choices that are saved over HTTP."""

from __future__ import annotations

from typing import Any

from bench import mailing
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.people.models import Person
from troth.hub.public.mailing import link_of


def measure(count: str) -> dict[str, Any]:
    """The addresses of so many people's pages."""
    with scope(Organisation.objects.get()):
        people = mailing.people(int(count))
        found = Person.objects.in_bulk(people)
        return {"links": [link_of(found[person]) for person in people]}
