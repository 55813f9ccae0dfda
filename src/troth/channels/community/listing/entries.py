"""Companies in the list of customers: entered, told, shown when the time to refuse is over, and
off it again with one word.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from troth.channels.community import acts, reaching, records
from troth.channels.community.answers import said_no
from troth.channels.community.clauses import CONTENT, LIST, Place, needed, place
from troth.channels.community.models import Entry
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.errors import Denied, Invalid
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.gate.collecting import collect
from troth.core.gate.manners import recipient
from troth.core.gate.permits import lock
from troth.core.gate.showing import shown
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.core.recipients import foretelling
from troth.core.recipients.foretelling import foretell, over, share_of
from troth.kit.outbox.api import send

WRITE: Final = "articles.write"
MAIL: Final = "community.listed"
ORGANISATION: Final = "user.contact.organization"
WEBSITE: Final = "user.contact.url"
_FIELDS: Final = (ORGANISATION, WEBSITE, CONTENT)


class ListDenied(Denied):
    """It cannot be shown in the list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as it shows."""

    entry: Entry
    name: str
    website: str
    logo: str = ""
    pictured: bool = False


@action
def enter(*, actor: Actor, person: Person, name: str, website: str, logo: str = "") -> Entry:
    """Enter a company, and have the person behind it told by mail. Nobody sees it before the
    clause's time to refuse is over. Raises `ListDenied` where nobody could be told.
    """
    actor.needs(WRITE)
    where, person = needed(LIST), person.root
    lock(person.root_id)  # two of the staff at once enter one
    if Entry.objects.filter(person__root_id=person.root_id).exists():
        raise Invalid("This person's company is in the list.", do="Take it off first.")
    if said_no(person, where):
        raise ListDenied(
            "This person has said no.",
            why="Whoever does not want to be in the list is not entered.",
            do="They can change that among their choices.",
            clause=where.shares,
        )
    purpose = reaching.mail_purpose(person)
    if not purpose:
        raise ListDenied(
            "This person cannot be told.",
            why="They are told before their company shows, and may not be written to.",
            clause=where.shares,
        )
    made = Entry(person=person, made_at=clock.now())
    made.save(force_insert=True)
    given = [_given(where, ORGANISATION, name), _given(where, WEBSITE, website)]
    if logo:
        given.append(_given(where, CONTENT, logo))
    data = sorted({one.category for one in given})
    with collect(actor=actor, touchpoint=LIST, data=data, offline=True) as point:
        point.hold(person, given, record=made.pk)
    send(person, kind=MAIL, purpose=purpose, actor=actor, record=made.pk)
    _note(acts.LISTED, made, actor, where)
    return made


def tell(entry: Entry, *, actor: Actor) -> None:
    """Note that the person was told: their mail server took it. From now their time runs."""
    where = needed(LIST)
    foretell(entry.person.root, actor=actor, to=where.to, purpose=where.purpose, way="mail")
    entry.told_at = clock.now()
    entry.save(update_fields=["told_at"])


def untell(entry: Entry, *, actor: Actor) -> None:
    """The mail came back: nobody was told, and what shows already shows no more."""
    if (where := place(LIST)) is not None:  # else the policy has no list any more
        foretelling.untell(entry.person.root, actor=actor, to=where.to, purpose=where.purpose)
    entry.told_at, entry.published_at = None, None
    entry.save(update_fields=["told_at", "published_at"])


@action
def publish_due(*, limit: int = 200) -> int:
    """Show those whose time to refuse is over: a disclosure of each. Returns how many."""
    where = place(LIST)
    if where is None:
        return 0
    done = 0
    waiting = Entry.objects.filter(told_at__isnull=False, published_at=None)
    # Two who look at the same time do not both make it public.
    waiting = waiting.select_for_update(of=("self",), skip_locked=True)
    for entry in waiting.select_related("person__root")[:limit]:
        opens = opens_on(entry)
        data, actor = _held(entry), Actor.system("community")
        may = audience(purpose=where.purpose, data=data, to=where.to)
        if opens is None or opens > clock.now():
            continue
        if not may.filter(person__root_id=entry.person.root_id).exists():
            continue
        with uses.use(
            actor=actor, purpose=where.purpose, person=entry.person.root, data=data, to=where.to
        ):
            entry.published_at = clock.now()
            entry.save(update_fields=["published_at"])
        done += 1
    return done


@action
def leave(entry: Entry, *, actor: Actor, way: str) -> None:
    """Take a company off at once, and note the no of the person behind it."""
    where = needed(LIST)
    choose(
        entry.person.root,
        actor=actor,
        purpose=where.purpose,
        yes=False,
        way=way,
        manner=recipient(where.to),
    )
    take_off(entry, actor=actor)


@action
def take_off(entry: Entry, *, actor: Actor) -> None:
    """Remove an entry with all it held."""
    if actor.kind == "staff":
        actor.needs(WRITE)
    where = needed(LIST)
    if not Entry.objects.filter(pk=entry.pk).exists():
        return
    records.take_away(entry.pk, LIST, clause=where.touchpoint.clause)
    _note(acts.UNLISTED, entry, actor, where)
    Entry.objects.filter(pk=entry.pk).delete()


def heard(person: Person, purposes: Collection[str]) -> None:
    """Take whoever does not want to be in the list off it, as `on_choice` has it."""
    where = place(LIST)
    if where is None or where.purpose not in purposes:
        return
    if said_no(person, where):
        for entry in Entry.objects.filter(person__root_id=person.root_id).select_related("person"):
            take_off(entry, actor=Actor.system("community"))


def listed() -> list[Listed]:
    """The list as everybody sees it: of a logo only that there is one."""
    where = needed(LIST)
    entries = {one.pk: one for one in Entry.objects.filter(published_at__isnull=False)}
    found = _read(where, entries)
    return sorted(found, key=lambda one: one.name.casefold())


def one(ref: str) -> Listed | None:
    """One that shows."""
    entry = Entry.objects.filter(ref=ref, published_at__isnull=False).first()
    if entry is None:
        return None
    return next(iter(_read(needed(LIST), {entry.pk: entry}, drawn=True)), None)


def opens_on(entry: Entry) -> datetime | None:
    """When it may show; None before the person was told of this very entry."""
    where, rules = needed(LIST), current().rules
    share = share_of(where.purpose, where.to, rules)
    return over(share, entry.told_at, rules) if share and entry.told_at else None


def window() -> str:
    """How long before it shows somebody is told, as the clause has it."""
    where = needed(LIST)
    share = share_of(where.purpose, where.to, current().rules)
    return str(share.window) if share and share.window else ""


def _held(entry: Entry) -> list[str]:
    """What becomes public with it: the logo too, if it has one."""
    held = Element.objects.filter(record=entry.pk, touchpoint=LIST)
    return sorted(set(held.values_list("category", flat=True)))


def _read(where: Place, entries: dict[UUID, Entry], *, drawn: bool = False) -> list[Listed]:
    people = {pk: one.person_id for pk, one in entries.items()}
    data, name, site, logo = [ORGANISATION, WEBSITE], *(_key(where, one) for one in _FIELDS)
    among = frozenset(people.values())
    with shown(purpose=where.purpose, data=data, among=among, to=where.to) as opening:
        plain = records.many(people, LIST, opening.whom)
    with shown(purpose=where.purpose, data=[CONTENT], among=among, to=where.to) as opening:
        mine = Element.objects.filter(person_id__in=opening.whom, touchpoint=LIST, name=logo)
        pictured = set(mine.values_list("record", flat=True))
        pictures = records.many(people, LIST, opening.whom) if drawn else {}
    return [
        Listed(
            entries[pk],
            held[name],
            held.get(site, ""),
            pictures.get(pk, {}).get(logo, ""),
            pk in pictured,
        )
        for pk, held in plain.items()
        if name in held
    ]


def _given(where: Place, category: str, text: str) -> Given:
    if not text.strip():
        raise Invalid("A company in the list has a name and a web site.")
    return Given(_key(where, category), category, text.strip())


def _key(where: Place, category: str) -> str:
    field = where.field(category)
    return field.key if field else category


def _note(act: str, entry: Entry, actor: Actor, where: Place) -> None:
    record(
        act=act,
        organisation=entry.organisation_id,
        actor=actor,
        subject=entry.person.ref,
        purpose=where.purpose,
        clause=where.touchpoint.clause,
        version=current().version,
        detail={"entry": entry.ref},
    )
