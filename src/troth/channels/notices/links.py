"""Whose link it is: the one that opens the preference page opens this page too."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from troth.core.people.models import Person
from troth.kit.links import LinkInvalid, read

LIFETIME: Final = timedelta(days=400)


def person_of(token: str, link: str, lifetime: timedelta) -> Person:
    """Raises `LinkInvalid`, the same for every reason there can be."""
    ref = read(token, link, lifetime)
    person = Person.objects.filter(ref=ref).select_related("root").first()
    if person is None:
        raise LinkInvalid
    return person.root
