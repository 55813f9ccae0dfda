"""Where this hub takes data in: the touchpoints that a part is built for."""

from __future__ import annotations

from troth.core.assess.accurate import PERSONAL, takes
from troth.core.assess.meaning import asks


def register() -> None:
    """Say it to the core, which knows no channel."""
    takes("forms.*", "The form of that name")
    for touchpoint in ("register", "profile", "password", "operator"):
        takes(f"accounts.{touchpoint}", "The account")
    for touchpoint in ("pre-chat", "message", "offline"):
        takes(f"chat.{touchpoint}", "The chat")
    takes("tickets.mail", "The mail that comes in")
    takes("tickets.call", "The console, when a call is written down")
    takes("import.people", "The import of a file")
    takes("referral.invite", "The invitation of a friend")
    takes("community.post", "The forum")
    takes("community.user-list", "The list of customers")
    takes("community.testimonial", "Stories with somebody's name")
    takes("campaigns.delivery", "The sender of campaigns")
    takes("campaigns.open", "The sender of campaigns")
    # What is put right may be any of the data that the clauses collect.
    asks("/rights/ask/correction", "value", PERSONAL)
