"""What the policy in force says about visits: what may be noted of them, of whom, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from troth.core.gate.first import ASKING
from troth.core.notices.versions import Published
from troth.policy import Rules, Touchpoint, taxonomy
from troth.policy.blocks import Cookie

VISIT: Final = "web.visit"
LOG: Final = "web.log"
COOKIE: Final = "troth_visitor"
ANALYTICS: Final = "analytics"
"""The data use that counting is, and the category of cookies that goes with it."""
OPERATION: Final = "essential.service.operations"

PAGES, REFERRER, TERMS, CAMPAIGN = "pages", "referrer", "search-terms", "campaign"
LINKS: Final = ("links", "clicks")
ACTIONS, BROWSER, LANGUAGE, NETWORK = "actions", "browser", "language", "ip-address"
NUMBER, TIME = "visitor-id", "visit-time"
SENT: Final = frozenset({PAGES, REFERRER, TERMS, CAMPAIGN, *LINKS, ACTIONS})
"""Elements that a browser's script tells; the others come with the request itself."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The clause for visits, as the parts of this channel need it."""

    key: str
    clause: str
    purposes: tuple[str, ...]
    elements: frozenset[str]
    """Keys of the policy's elements that the clause names."""
    counts_for: tuple[str, ...]
    """Those of its purposes that counting is for."""
    asks: bool
    """Whether nobody is counted who did not say yes."""
    cookie: Cookie | None
    """The visitor's cookie, if the policy has one."""
    in_groups: bool
    """Whether figures for one of these purposes go to others, in groups of a size."""

    @property
    def knows(self) -> bool:
        """Whether visits are linked to the person once they are known."""
        return self.cookie is not None and self.cookie.links_to_person

    @property
    def sent(self) -> tuple[str, ...]:
        """What the script of a page may tell, in a fixed order."""
        return tuple(sorted(self.elements & SENT))

    @property
    def link(self) -> str:
        """The key under which a link that was followed is told; empty where none is."""
        return next((key for key in LINKS if key in self.elements), "")


def visits(published: Published) -> Ground | None:
    """What is noted of visits as browsers report them; None where no clause permits it."""
    return _ground(published.rules, VISIT, ANALYTICS)


def requests(published: Published) -> Ground | None:
    """What is counted of requests to the server, if its log serves to run the site."""
    return _ground(published.rules, LOG, OPERATION)


@lru_cache(maxsize=128)
def _ground(rules: Rules, key: str, use: str) -> Ground | None:
    touchpoint: Touchpoint | None = rules.touchpoints.get(key)
    if touchpoint is None:
        return None
    counts_for = tuple(
        purpose
        for purpose in touchpoint.purposes
        if taxonomy.covers(use, rules.purposes[purpose].use)
        and rules.purposes[purpose].basis != "prohibited"
    )
    if use == OPERATION:  # what is beneath it has a purpose of its own, such as security
        counts_for = tuple(one for one in counts_for if rules.purposes[one].use == OPERATION)
    elements = frozenset(
        name
        for block in rules.policy.collects
        if block.at == key
        for name in block.everything
        if name in rules.policy.elements
    )
    if not counts_for or PAGES not in elements:
        return None
    cookie = next((one for one in rules.cookies if one.name == COOKIE), None)
    asks = all(rules.purposes[purpose].basis in ASKING for purpose in counts_for)
    in_groups = any(
        share.aggregate and set(share.purposes) & set(counts_for) for share in rules.policy.shares
    )
    return Ground(
        key,
        touchpoint.clause,
        touchpoint.purposes,
        elements,
        counts_for,
        asks,
        cookie,
        in_groups,
    )
