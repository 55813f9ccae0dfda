"""What the policy lets be public: which clause takes it in, what for, and who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from troth.core.errors import Missing
from troth.core.notices.versions import current
from troth.policy import Field, Touchpoint

POST: Final = "community.post"
LIST: Final = "community.user-list"
STORY: Final = "community.testimonial"
CONTENT: Final = "user.content.public"
EMAIL: Final = "user.contact.email"


class CommunityMissing(Missing):
    """The policy in force has nothing of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A touchpoint whose data may be public: `to` is the recipient that is everybody."""

    touchpoint: Touchpoint
    purpose: str
    to: str

    def field(self, category: str) -> Field | None:
        """The first field of that category."""
        return next((one for one in self.touchpoint.fields if one.category == category), None)

    @property
    def name(self) -> Field:
        """The field an author is called by: the first that is no content. Raises
        `CommunityMissing` where the clause asks for none.
        """
        for one in self.touchpoint.fields:
            if one.category != CONTENT:
                return one
        raise CommunityMissing(
            "There is no such page here.",
            why="Its clause names nothing that whoever writes is called by.",
            do="Name a field for it in the clause.",
            clause=self.touchpoint.clause,
        )

    @property
    def shares(self) -> str:
        """The clause by which it is public."""
        rules = current().rules
        return rules.find("share", self.purpose, CONTENT, self.to).clause


def place(key: str) -> Place | None:
    """The place of that name, if the policy in force takes data in there and lets it be public."""
    rules = current().rules
    touchpoint = rules.touchpoints.get(key)
    if touchpoint is None:
        return None
    for purpose in touchpoint.purposes:
        for share in rules.policy.shares:
            if purpose in share.purposes:
                for to in share.recipients:
                    if rules.recipients[to].kind == "public":
                        return Place(touchpoint, purpose, to)
    return None


def needed(key: str) -> Place:
    """As `place`. Raises `CommunityMissing`, which is the answer 404."""
    found = place(key)
    if found is None:
        raise CommunityMissing(
            "There is no such page here.",
            why=f"The policy in force makes nothing public that is given at {key}.",
        )
    return found
