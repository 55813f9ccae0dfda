"""In what manner a purpose is done: by a channel of contact, or by giving data to a recipient.

A person may decide about a purpose as a whole or about one manner of it. Which channel data serves
is told by its category: an e-mail address is for mail, a postal address for post.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from troth.policy import Rules
from troth.policy.blocks import Share

DATA: Final = {
    "email": ("user.contact.email",),
    "post": ("user.contact.address",),
    "phone": ("user.contact.phone_number", "user.contact.fax_number"),
}
"""The channels of contact, and the categories that reach somebody through each."""


STOPPED: Final = "stop.email"
"""The manner of a no to mail that is part of the service: staff note it for whoever asked. A no to
such a purpose in any other manner was said when it could be refused, and stops nothing.
"""


def stoppable(rules: Rules, purpose: str) -> bool:
    """Whether it is part of the service and the company writes mail for it on its own."""
    found = rules.purposes.get(purpose)
    return (
        found is not None
        and found.basis == "essential"
        and "email" in found.channels
        and rules.find("use", purpose, DATA["email"][0]).allowed
    )


def channel(category: str) -> str:
    """The channel that data of this category serves, or nothing."""
    for name, categories in DATA.items():
        if any(category == one or category.startswith(f"{one}.") for one in categories):
            return name
    return ""


def recipient(to: str) -> str:
    """The manner of giving data to a recipient."""
    return f"to.{to}"


def channels(rules: Rules, purpose: str) -> tuple[str, ...]:
    """The channels a person can be contacted through for a purpose, where there is a choice."""
    found = tuple(
        name
        for name in rules.purposes[purpose].channels
        if any(rules.find("use", purpose, category).allowed for category in DATA[name])
    )
    return found if len(found) > 1 else ()


def parties(rules: Rules, purpose: str) -> Iterator[tuple[str, Share]]:
    """The recipients a person may keep data of a purpose from, with the clause that says so.

    Where only figures about groups leave, there is nobody's data to keep.
    """
    for share in rules.policy.shares:
        if purpose in share.purposes and share.choice != "none" and not share.aggregate:
            for party in share.recipients:
                yield party, share
