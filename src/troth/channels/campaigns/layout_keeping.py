"""Keeping an organisation's own templates: gate → change → ledger."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from troth.channels.campaigns import acts, layouts
from troth.channels.campaigns.models import Campaign, Layout
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid, Missing
from troth.core.ledger.api import record
from troth.core.notices.versions import current

WRITE = "mail.write"
_DONE_WITH = (
    *(Campaign.State.DRAFT, Campaign.State.REJECTED),
    *(Campaign.State.DONE, Campaign.State.CANCELLED),
)


class LayoutInUseDenied(Denied):
    """A campaign that was handed in wears the template."""


class LayoutMissing(Missing):
    """There is no such template, or it was thrown away."""


def kept() -> QuerySet[Layout]:
    """All templates of the organisation, by name."""
    return Layout.objects.all()


def by_ref(ref: str) -> Layout:
    """The template. Raises `LayoutMissing`."""
    found = Layout.objects.filter(ref=ref).first()
    if found is None:
        raise LayoutMissing("There is no such template.", why="It was thrown away, or never was.")
    return found


@action
def keep(*, actor: Actor, name: str, html: str, layout: Layout | None = None) -> Layout:
    """Keep a template, or change one. Raises `layouts.LayoutDenied`,
    `layouts.LayoutInvalid`, and `LayoutInUseDenied` as `remove` does."""
    actor.needs(WRITE)
    name = name.strip()
    made = layout or Layout()
    _is_free(made)
    if not name or not name.isprintable():
        raise Invalid("A template needs a name of one line.", do="Write one.")
    taken = Invalid("There is a template of this name.", do="Give it another name.")
    if Layout.objects.filter(name=name).exclude(pk=made.pk).exists():
        raise taken
    layouts.check(html)
    made.name, made.html, made.changed_at = name, html, clock.now()
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # two saved at once: the second finds what the first made
        raise taken from None
    _note(acts.LAYOUT_KEPT, made, actor)
    return made


@action
def remove(layout: Layout, *, actor: Actor) -> None:
    """Throw a template away. Campaigns that had it look plain from then on."""
    actor.needs(WRITE)
    _is_free(layout)
    _note(acts.LAYOUT_REMOVED, layout, actor)
    layout.delete()


def _is_free(layout: Layout) -> None:
    """What was handed in, perhaps read and approved, leaves as it was then."""
    if Campaign.objects.filter(layout=layout.pk).exclude(state__in=_DONE_WITH).exists():
        raise LayoutInUseDenied(
            "A campaign that was handed in wears this template.",
            why="It was read with the template as it is, and leaves so.",
            do="Take the campaign back first, or write another template.",
        )


def _note(act: str, layout: Layout, actor: Actor) -> None:
    published = current()
    record(
        act=act,
        organisation=layout.organisation_id,
        actor=actor,
        clause=layouts.way_out(published.rules),
        version=published.version,
        detail={"template": layout.ref},
    )
