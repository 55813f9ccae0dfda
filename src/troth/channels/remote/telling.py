"""What a person is told of the sessions they had: when, with whom, how long, what was noted."""

from __future__ import annotations

from troth.channels.accounts.api import Section
from troth.channels.remote import queries
from troth.channels.remote.clauses import WORK
from troth.channels.remote.models import Session
from troth.channels.remote.wording import agent, length
from troth.core.people.models import Element, Person
from troth.kit.words import moment


def in_my_data(person: Person) -> Section | None:
    """The sessions they granted. Called inside an opening of theirs, under which notes are read."""
    sessions = list(queries.of(person))
    if not sessions:
        return None
    notes = {
        one.record: str(one.value)
        for one in Element.objects.filter(record__in=[one.pk for one in sessions], name=WORK)
    }
    return Section(
        key="remote",
        title="Remote help",
        intro="Each time you let somebody see your screen. What was on it was not kept.",
        clause=sessions[0].clause,
        headings=("When", "Who", "How long", "What was done", "How it ended"),
        rows=[_row(one, notes.get(one.pk, "")) for one in sessions],
    )


def _row(session: Session, note: str) -> tuple[str, ...]:
    who = agent(session) + (", who might also point" if session.pointed else "")
    ended = session.get_ended_by_display() if session.ended_at else "It is running"
    own = session.ended_by == Session.Ending.CUSTOMER
    return (
        moment(session.granted_at or session.made_at),
        who,
        length(session),
        note or "Not written down yet",
        "You ended it" if own else ended,
    )
