"""Help articles as readers find them: by section, by words, by what stands beside them."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import F, QuerySet

from troth.channels.community.clauses import CommunityMissing
from troth.channels.community.helping.writing import fold
from troth.channels.community.models import Article

MOST: Final = 50


def published() -> QuerySet[Article]:
    """What everybody may read."""
    found = Article.objects.filter(shows__isnull=False)
    return found.select_related("shows", "section").order_by("section__name", "shows__title")


def article(slug: str) -> Article:
    """One that is shown. Raises `CommunityMissing` for any other."""
    found = published().filter(slug=slug).first()
    if found is None:
        raise CommunityMissing("There is no such article.", do="Look for it among the others.")
    return found


def search(text: str) -> list[Article]:
    """The articles that have all these words, those first that have them in the title."""
    asked = fold(text.replace("\0", " ")).split()[:10]
    if not asked:
        return []
    found = published()
    for word in asked:
        found = found.filter(shows__folded__contains=word)
    rows = list(found[:MOST])
    rows.sort(key=lambda one: not all(word in fold(_title(one)) for word in asked))
    return rows


def _title(found: Article) -> str:
    return found.shows.title if found.shows else ""


def beside(found: Article) -> list[Article]:
    """Others of its section."""
    return list(published().filter(section=found.section).exclude(pk=found.pk)[:5])


def rate(found: Article, *, helped: bool) -> None:
    """Count one more answer. Whose it was is noted nowhere."""
    counts: Any = {"helped": F("helped") + 1} if helped else {"did_not": F("did_not") + 1}
    Article.objects.filter(pk=found.pk).update(**counts)
