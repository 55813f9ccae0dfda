"""The words a post is found by, as keyed digests: the same on both databases, and none in clear.

What it trades: whole words alone are found, in any case of letters; no beginnings, no word forms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from troth.channels.community.clauses import CONTENT, Place
from troth.channels.community.models import Word
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.inserting import insert
from troth.core.keyring.opening import Opening
from troth.core.people.models import Element
from troth.core.sealing.blind import mark

MOST: Final = 2_000  # words of one post
_WORD: Final = re.compile(r"\w{2,40}")


def words(text: str) -> list[str]:
    """The different words of a text, folded."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return list(dict.fromkeys(_WORD.findall(folded)))[:MOST]


def index(
    element: Element, texts: Iterable[str], opening: Opening, *, also: Iterable[bytes] = ()
) -> None:
    """Have the element found by the words of these texts. Call it where they are collected. `also`
    are digests of more words: of a title that nobody opens for it.
    """
    digests = [_digest(opening, word) for word in words("\n".join(texts))]
    every = dict.fromkeys((*digests, *also))
    of = {"organisation_id": element.organisation_id, "element": element}
    insert([Word(digest=one, **of) for one in every])


def digests_of(record: UUID) -> list[bytes]:
    """What is looked up of the words held under the row."""
    found = Word.objects.filter(element__record=record).values_list("digest", flat=True)
    return [bytes(one) for one in found]


def having(text: str, place: Place) -> QuerySet[Element]:
    """The elements that have all the words of a question; none for no word."""
    asked = words(text)[:10]
    with uses.search(actor=Actor.visitor(), purpose=place.purpose, category=CONTENT) as opening:
        digests = [_digest(opening, word) for word in asked]
    found = Element.objects.filter(touchpoint=place.touchpoint.key, category=CONTENT)
    for one in digests:
        found = found.filter(Exists(Word.objects.filter(element=OuterRef("pk"), digest=one)))
    return found if digests else found.none()


def _digest(opening: Opening, word: str) -> bytes:
    return mark(opening, "community word", word)[:8]
