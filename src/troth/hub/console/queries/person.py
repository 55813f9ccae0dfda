"""One person as the staff sees them: what is held, opened for the purpose of the task, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from troth.channels.conversations.api import is_said
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.gate.denials import UseDenied
from troth.core.gate.why import Answer, why
from troth.core.ledger.api import timeline
from troth.core.notices.versions import current
from troth.core.people import records
from troth.core.people.models import Element, Person
from troth.hub.console.wording import Wording, category
from troth.policy.blocks import Purpose

SOME_HISTORY = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One element held. `value` is None while it is sealed; `answer` says why."""

    label: str
    category: str
    words: str
    source: str
    clause: str
    version: str
    since: datetime
    kept: str
    keep_clause: str
    value: str | None = None
    answer: Answer | None = None
    said: bool = False
    """It was written in a conversation, and opens there alone."""
    offline: bool = False
    outside: str = ""
    """The clause that leaves what came offline out of the policy, if there is one."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the ledger, for the kit's timeline."""

    when: datetime
    text: str
    clause: str = ""
    icon: str = ""
    detail: str = ""
    url: str = ""


@dataclass(slots=True)
class Held:
    """All that is held about one human, and what came of opening it."""

    rows: list[Row] = field(default_factory=list)
    denied: UseDenied | None = None
    opened: int = 0

    @property
    def sealed(self) -> int:
        return len(self.rows) - self.opened


def held(person: Person, words: Wording, *, actor: Actor, purpose: Purpose | None) -> Held:
    """What is held. With a purpose, one use is opened (and recorded) for all it permits; but what
    was said in a conversation is not for whoever looks a person up.
    """
    elements = sorted(records.held(person.root_id), key=_order)
    open_here = {one.category for one in elements if not is_said(one.touchpoint, one.category)}
    if purpose is None or not open_here:
        return Held([_row(element, words) for element in elements])
    answers = {
        key: why(purpose=purpose.key, category=key, person=person) for key in sorted(open_here)
    }
    allowed = [key for key, answer in answers.items() if answer.allowed]
    # Where nothing is permitted the attempt is made all the same: the denial belongs on the ledger.
    asked = allowed or list(answers)[:1]
    try:
        with uses.use(actor=actor, purpose=purpose.key, person=person, data=asked):
            rows = [_row(element, words, answers) for element in elements]
    except UseDenied as denied:
        return Held([_row(element, words, answers) for element in elements], denied)
    return Held(rows, None, sum(row.value is not None for row in rows))


def _order(element: Element) -> tuple[bool, bool, str]:
    """Who somebody is first, then how to reach them, then the rest."""
    key = element.category
    return not key.startswith("user.name"), not key.startswith("user.contact"), key


def _row(element: Element, words: Wording, answers: Mapping[str, Answer] | None = None) -> Row:
    said = is_said(element.touchpoint, element.category)
    value = None if said else element.value
    rules = words.rules
    keep = rules.keep(element.category, element.touchpoint) if rules else None
    return Row(
        label=words.element(element.name, element.category),
        category=element.category,
        words=category(element.category),
        source=words.touchpoint(element.touchpoint),
        clause=element.clause,
        version="" if rules and element.version == rules.policy.version else element.version,
        since=element.collected_at,
        kept=str(keep.period) if keep else "",
        keep_clause=keep.clause if keep else "",
        value=value if isinstance(value, str) else None,
        answer=answers.get(element.category) if answers and not said else None,
        said=said,
        offline=element.offline,
        outside=rules.online_clause if rules and element.offline else "",
    )


def reasons(person: Person, key: str) -> list[tuple[Purpose, Answer]]:
    """For each purpose of the policy: may it use this category of this person, and why."""
    purposes = current().rules.purposes.values()
    return [(one, why(purpose=one.key, category=key, person=person)) for one in purposes]


def family(person: Person) -> list[Person]:
    """The records joined to this one, oldest first."""
    joined = Person.objects.filter(root_id=person.root_id).exclude(pk=person.root_id)
    return list(joined.order_by("created_at"))


def history(
    person: Person, words: Wording, *, before: UUID | None = None, limit: int = SOME_HISTORY
) -> tuple[list[Told], UUID | None]:
    """What the ledger has about this human, newest first, and where it goes on."""
    refs = Person.objects.filter(root_id=person.root_id).values_list("ref", flat=True)
    page = timeline(person.organisation_id, *refs, before=before, limit=limit)
    told = [
        Told(
            when=datetime.fromisoformat(line.at),
            text=words.sentence(line),
            clause=str(line.body["clause"]),
            icon="refusal" if line.act == "gate.denied" else "",
        )
        for line in page.lines
    ]
    return told, page.older
