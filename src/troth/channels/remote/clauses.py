"""What the policy in force says of remote help, and whether there is any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from troth.core.errors import Missing
from troth.core.notices.versions import Published, current
from troth.core.staff.grants import words
from troth.policy import Touchpoint
from troth.policy.blocks import Inform

PLACE: Final = "remote.session"
WORK: Final = "work-done"
YES: Final = ("opt-in", "explicit-opt-in")
CONSENT: Final = "session-consent"
USUAL: Final = "customer-request"


class RemoteMissing(Missing):
    """The policy in force has no remote help."""


@dataclass(frozen=True, slots=True)
class Place:
    """The touchpoint, what is written down there, what has to be read first, and the grounds."""

    published: Published
    touchpoint: Touchpoint
    work: str
    advice: tuple[Inform, ...]
    grounds: dict[str, str]
    access: str
    """The clause under which staff may look; empty where none speaks of it."""

    @property
    def asks(self) -> list[str]:
        """The purposes that need a yes."""
        purposes = self.published.rules.purposes
        return [key for key in self.touchpoint.purposes if purposes[key].basis in YES]

    @property
    def labels(self) -> list[str]:
        purposes = self.published.rules.purposes
        return [purposes[key].label for key in self.touchpoint.purposes]


def find() -> Place | None:
    """None where the policy has no such touchpoint, or nothing in which to write down what was
    done: then there is no remote help.
    """
    published = current()
    rules = published.rules
    touchpoint, element = rules.touchpoints.get(PLACE), rules.policy.elements.get(WORK)
    if touchpoint is None or element is None or element.data not in touchpoint.data:
        return None
    staff = [one for one in rules.policy.accesses if one.who == "staff" and CONSENT in one.needs]
    named = [ground for one in staff for ground in one.grounds] or [USUAL]
    return Place(
        published,
        touchpoint,
        element.data,
        rules.informs_at(PLACE),
        {key: words(key) for key in named},
        staff[0].clause if staff else "",
    )


def place() -> Place:
    """As `find`. Raises `RemoteMissing`."""
    found = find()
    if found is None:
        raise RemoteMissing(
            "There is no remote help here.",
            why=f"The policy in force has no clause for {PLACE} that writes down what was done.",
        )
    return found
