"""Whom a case is about: by their number in the console, or by an address."""

from __future__ import annotations

import re
from typing import Final

from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.people import records
from troth.core.people.models import Person

EMAIL: Final = "user.contact.email"
_NUMBER: Final = re.compile(r"[0-9a-f]{32}")
MOST: Final = 200


def people_of(text: str, *, purpose: str, actor: Actor) -> tuple[list[Person], list[int]]:
    """The people named in `text`, one a line, and the numbers of the lines that name nobody."""
    found: dict[object, Person] = {}
    unknown = []
    for number, line in enumerate(text.splitlines()[:MOST], 1):
        word = line.strip()
        if not word:
            continue
        person = _person(word, purpose, actor)
        if person is None:
            unknown.append(number)
        else:
            found[person.root_id] = person
    return list(found.values()), unknown


def _person(word: str, purpose: str, actor: Actor) -> Person | None:
    if _NUMBER.fullmatch(word):
        return Person.objects.filter(ref=word).first()
    with uses.search(actor=actor, purpose=purpose, category=EMAIL):
        return records.find(EMAIL, word)
