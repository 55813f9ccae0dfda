"""How cases read: states, grounds, steps, days."""

from __future__ import annotations

from typing import Final

from troth.core.cases.models import Case
from troth.core.notices.versions import current
from troth.policy import taxonomy

SIGNS: Final = {
    "draft": "neutral",
    "waiting": "caution",
    "open": "info",
    "refused": "bad",
    "closed": "good",
}
CLOCKS: Final = {
    "over": ("bad", "its day has passed"),
    "soon": ("caution", "ends within a week"),
    "idle": ("caution", "open for more than a month"),
}
HAPPENED: Final = {
    "opened": "The case was opened",
    "document": "A document was added",
    "submitted": "It was shown to a second person",
    "approved": "A second person approved it",
    "refused": "A second person refused it",
    "closed": "It was closed",
    "noted": "A step was noted",
    "taken": "Somebody sees to it now",
    "bundled": "What it covers was handed over",
    "told_people": "The people it is about were told",
    "telling": "The mails to the people began",
    "told_all": "Everybody was told, or is listed as not reached",
    "exported": "What moves was handed over",
    "reported": "It was reported",
    "moderated": "It was decided what becomes of it",
    "answered": "The author objected",
}


def kind(case: Case) -> str:
    """What kind of case, with the start of its number."""
    return f"{case.get_kind_display()} {case.ref[:8]}"


def sign(case: Case) -> tuple[str, str]:
    """The badge of a case."""
    return SIGNS[case.state], case.get_state_display()


def ground(key: str) -> str:
    """A ground as people read it."""
    return key.replace("-", " ")


def recipient(key: str) -> str:
    """A recipient by its name."""
    found = current().policy.recipients.get(key)
    return found.name if found else key


def data(category: str) -> str:
    """A data category as people read it."""
    return taxonomy.label(category)


def happened(what: str, count: int | None) -> str:
    """One step of the history."""
    text = HAPPENED.get(what, what.replace("_", " ").capitalize())
    if count is None:
        return f"{text}."
    return f"{text} ({count:,} {'person' if count == 1 else 'people'})."
