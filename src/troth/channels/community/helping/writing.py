"""Writing help articles: each saving is an edition of its own, and one of them is shown."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.utils.text import slugify

from troth.channels.community import acts
from troth.channels.community.models import Article, Edition, Section
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.errors import Invalid
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id

WRITE: Final = "articles.write"


@action
def begin(*, actor: Actor, section: str, title: str, body: str) -> Article:
    """Write a new article, as a draft that nobody sees."""
    actor.needs(WRITE)
    slug = slugify(title)[:80]
    slug = "new-article" if slug == "new" else slug  # there new ones are written
    if not slug or Article.objects.filter(slug=slug).exists():
        raise Invalid("There is such an article already, or its title has no letters.")
    found, _ = Section.objects.get_or_create(name=section.strip() or "General")
    made = Article(slug=slug, section=found, made_at=clock.now())
    made.save(force_insert=True)
    save(made, actor=actor, title=title, body=body)
    return made


@action
def save(article: Article, *, actor: Actor, title: str, body: str) -> Edition:
    """Add an edition. What is shown stays until one is published."""
    actor.needs(WRITE)
    renew(article, held=True)
    title, body = title.strip(), body.strip()
    if not title or not body:
        raise Invalid("An article has a title and a text.")
    last = article.editions.first()
    made = Edition(
        organisation_id=article.organisation_id,
        article=article,
        number=last.number + 1 if last else 1,
        title=title[:160],
        body=body,
        folded=fold(f"{title}\n{body}"),
        made_at=clock.now(),
    )
    made.save(force_insert=True)
    _note(acts.WRITTEN, actor, made)
    return made


@action
def restore(article: Article, *, actor: Actor, number: int) -> Edition:
    """Take up an earlier edition as the newest one."""
    before = article.editions.filter(number=number).first()
    if before is None:
        raise Invalid("There is no such edition.")
    return save(article, actor=actor, title=before.title, body=before.body)


@action
def publish(article: Article, *, actor: Actor, number: int) -> None:
    """Show an edition to everybody in place of the one before."""
    actor.needs(WRITE)
    renew(article, held=True)
    found = article.editions.filter(number=number).first()
    if found is None:
        raise Invalid("There is no such edition.")
    found.published_at = clock.now()
    found.save(update_fields=["published_at"])
    article.shows = found
    article.save(update_fields=["shows"])
    _note(acts.PUBLISHED, actor, found)


@action
def withdraw(article: Article, *, actor: Actor) -> None:
    """Show it to nobody any more. Its editions stay."""
    actor.needs(WRITE)
    article.shows = None
    article.save(update_fields=["shows"])
    _note(acts.WITHDRAWN, actor)


def fold(text: str) -> str:
    """How words are compared: the same on both databases, whatever their case."""
    return unicodedata.normalize("NFKC", text).casefold()


def _note(act: str, actor: Actor, edition: Edition | None = None) -> None:
    record(
        act=act,
        organisation=current_organisation_id(),
        actor=actor,
        version=current().version,
        detail={"edition": edition.number} if edition else {},
    )
