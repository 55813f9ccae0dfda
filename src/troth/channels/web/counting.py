"""Counting: what a view adds to the day's and the month's tallies, in a few statements.

The view itself is not kept. A browser that can be told from others is remembered for the span as a
digest under a random key that goes with the span, so that it counts as one visitor.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

from django.db import connections, router

from troth.channels.web.beacons import Seen as View
from troth.channels.web.models import Lately, Salt, Seen, Tally
from troth.core import clock
from troth.core.organisations.scope import current_organisation_id
from troth.core.statements import run

Source, Span, Dimension = Tally.Source, Tally.Span, Tally.Dimension
LATELY: Final = timedelta(minutes=30)
_DIGEST: Final = 16


class Group(NamedTuple):
    """One row to count in, within its source and day."""

    span: str
    page: str
    dimension: str
    value: str


class Step(NamedTuple):
    """What is added to it."""

    group: Group
    views: int
    visits: int
    visitors: int = 0


def count(view: View, source: str, *, who: str = "") -> None:
    """Add a view, or a link that was followed. `who` tells this browser from others; empty where
    nothing does. Call it inside a transaction.
    """
    now = clock.now()
    today = now.date()
    steps = sorted(_steps(view))
    if who:
        steps = _with_visitors(steps, source, today, who)
    _write(steps, source, today)
    if view.is_view and source == Source.VISIT:
        _note_lately(view.page, now)


def _steps(view: View) -> Iterator[Step]:
    began = int(view.begins)
    values = list(_values(view))
    for dimension, value in values:
        yield Step(Group(Span.DAY, view.page, dimension, value), 1, began)
    if view.is_view:
        values.append((Dimension.PAGE, view.page))
        if began:
            values.append((Dimension.ENTRY, view.page))
    for span in (Span.DAY, Span.MONTH):
        for dimension, value in values:
            yield Step(Group(span, "", dimension, value), 1, began)
        if not view.is_view:
            continue
        # Whoever goes on to a page has not left at the one before.
        if view.before and view.before != view.page:
            yield Step(Group(span, "", Dimension.EXIT, view.before), 0, -1)
        if view.before != view.page:
            yield Step(Group(span, "", Dimension.EXIT, view.page), 0, 1)


def _values(view: View) -> Iterator[tuple[str, str]]:
    if not view.is_view:
        if view.link:
            yield Dimension.LINK, view.link
        if view.action:
            yield Dimension.ACTION, view.action
        return
    yield Dimension.ALL, ""
    found = (
        (Dimension.REFERRER, view.referrer),
        (Dimension.TERMS, view.terms),
        (Dimension.CAMPAIGN, view.campaign),
        (Dimension.BROWSER, view.browser),
        (Dimension.SYSTEM, view.system),
        (Dimension.DEVICE, view.device),
        (Dimension.LANGUAGE, view.language),
    )
    yield from ((dimension, value) for dimension, value in found if value)


def first_of(span: str, day: date) -> date:
    """The day by which a span is called."""
    return day.replace(day=1) if span == Span.MONTH else day


def _with_visitors(steps: Sequence[Step], source: str, today: date, who: str) -> list[Step]:
    """One visitor more in each group that this browser was not counted in yet."""
    # What tells requests apart is no number that somebody agreed to: it holds for the day alone.
    spans = (Span.DAY,) if source == Source.LOG else (Span.DAY, Span.MONTH)
    salts = {span: _salt(source, span, first_of(span, today)) for span in spans}
    digests: dict[Group, tuple[int, bytes]] = {}
    for step in steps:
        group, salt = step.group, salts.get(Span(step.group.span))
        if salt is None:
            continue
        text = "\0".join((who, *group))
        digests[group] = salt.pk, hmac.digest(bytes(salt.key), text.encode(), sha256)[:_DIGEST]
    new = _unseen(digests.values())
    return [step._replace(visitors=int(digests.get(step.group) in new)) for step in steps]


def _salt(source: str, span: str, day: date) -> Salt:
    found = Salt.objects.filter(source=source, span=span, day=day).first()
    return found or Salt.objects.get_or_create(source=source, span=span, day=day)[0]


def _unseen(digests: Iterable[tuple[int, bytes]]) -> set[tuple[int, bytes]]:
    """Those that were not there, which are there from now on."""
    connection, owner = _connected(Seen)
    rows = sorted(digests)
    places = ", ".join(["(%s, %s, %s)"] * len(rows))
    found = run(
        connection,
        f"INSERT INTO web_seen (organisation_id, salt_id, digest) VALUES {places} "  # noqa: S608
        "ON CONFLICT (salt_id, digest) DO NOTHING RETURNING salt_id, digest",
        [value for salt, digest in rows for value in (owner, salt, digest)],
    )
    return {(salt, bytes(digest)) for salt, digest in found}


_TALLY: Final = (
    *("organisation_id", "source", "span", "day", "page", "dimension", "value"),
    *("views", "visits", "visitors"),
)
_KEY: Final = _TALLY[:7]


def _write(steps: Sequence[Step], source: str, today: date) -> None:
    connection, owner = _connected(Tally)
    spell = Tally._meta.get_field("day").get_db_prep_save
    days = {span: spell(first_of(span, today), connection) for span in (Span.DAY, Span.MONTH)}
    values: list[Any] = []
    for (span, *group), *added in steps:
        values += [owner, source, span, days[Span(span)], *group, *added]
    places = ", ".join([f"({', '.join(['%s'] * len(_TALLY))})"] * len(steps))
    adding = ", ".join(f"{name} = web_tally.{name} + excluded.{name}" for name in _TALLY[7:])
    run(
        connection,
        f"INSERT INTO web_tally ({', '.join(_TALLY)}) VALUES {places} "  # noqa: S608 - ours
        f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {adding}",
        values,
    )


def _note_lately(page: str, now: datetime) -> None:
    connection, owner = _connected(Lately)
    minute = now.replace(second=0, microsecond=0)
    run(
        connection,
        "INSERT INTO web_lately (organisation_id, minute, page, views) VALUES (%s, %s, %s, 1) "
        "ON CONFLICT (organisation_id, minute, page) "
        "DO UPDATE SET views = web_lately.views + 1",
        [owner, Lately._meta.get_field("minute").get_db_prep_save(minute, connection), page],
    )


def _connected(model: Any) -> tuple[Any, Any]:
    connection = connections[router.db_for_write(model)]
    field = model._meta.get_field("organisation")
    return connection, field.get_db_prep_save(current_organisation_id(), connection)


def forget_past() -> int:
    """Destroy the keys of days and months that are over, and what was said lately but is not now.
    Returns how many keys there were.
    """
    now = clock.now()
    today = now.date()
    Lately.objects.filter(minute__lt=now - 2 * LATELY).delete()
    over = [salt.pk for salt in Salt.objects.all() if salt.day != first_of(salt.span, today)]
    Salt.objects.filter(pk__in=over).delete()
    return len(over)
