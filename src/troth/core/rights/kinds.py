"""The kinds of request, in the policy's words, and what each does."""

from __future__ import annotations

from typing import Final

ACCESS: Final = "access"
PORTABILITY: Final = "portability"
CORRECTION: Final = "correction"
DELETION: Final = "deletion"
OBJECTION: Final = "objection"
RESTRICTION: Final = "restriction"
WITHDRAWAL: Final = "withdrawal"
REMOVAL: Final = "removal"
COMPLAINT: Final = "complaint"
QUESTION: Final = "question"

KINDS: Final = (
    *(ACCESS, PORTABILITY, CORRECTION, DELETION, OBJECTION, RESTRICTION),
    *(WITHDRAWAL, REMOVAL, COMPLAINT, QUESTION),
)
LABELS: Final = {
    ACCESS: "See my data",
    PORTABILITY: "Take my data with me",
    CORRECTION: "Correct my data",
    DELETION: "Delete my data",
    OBJECTION: "Object to a use",
    RESTRICTION: "Keep my data and do not use it",
    WITHDRAWAL: "Take back a yes",
    REMOVAL: "Take me off a public list",
    COMPLAINT: "Complain",
    QUESTION: "Ask about my data",
}
SHOWING: Final = frozenset({ACCESS, PORTABILITY})
"""Answered by a package of what is held."""
TALKED: Final = frozenset({COMPLAINT, QUESTION})
"""Cases that people settle: a history and an outcome, and no steps."""
PASSED_ON: Final = frozenset({CORRECTION, DELETION})
"""Told to every recipient that got the data."""
CHANGING: Final = frozenset({CORRECTION, DELETION})
"""Nothing of the person may be changed by these before it is shown who asks."""

WAYS: Final = ("account", "link", "form", "mail", "phone", "post", "agent")
"""How a request came in."""
PROVED: Final = frozenset({"account", "link"})
"""Ways in which whoever asks is known already: logged in, or the bearer of a link we gave out."""
