"""What pages say: states with their signs, segments in words, grounds, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from troth.channels.campaigns.explaining import LABELS
from troth.channels.campaigns.models import Campaign, Copy
from troth.channels.campaigns.segments import Condition
from troth.core.notices.versions import current
from troth.policy import taxonomy


class Sign(NamedTuple):
    """A state as a badge of the kit shows it: its colour, its word, its sign."""

    kind: str
    word: str
    icon: str


STATES: Final[Mapping[str, Sign]] = {
    "draft": Sign("neutral", "draft", "edit"),
    "waiting": Sign("caution", "waits to be read", "clock"),
    "rejected": Sign("bad", "rejected", "refusal"),
    "scheduled": Sign("info", "scheduled", "calendar"),
    "sending": Sign("info", "being sent", "send"),
    "paused": Sign("caution", "paused", "caution"),
    "done": Sign("good", "sent", "good"),
    "cancelled": Sign("neutral", "cancelled", "close"),
}
COPIES: Final[Mapping[str, Sign]] = {
    "queued": Sign("neutral", "waits to leave", "clock"),
    "claimed": Sign("info", "on its way", "send"),
    "accepted": Sign("good", "accepted by the server", "good"),
    "deferred": Sign("caution", "tried again later", "clock"),
    "failed": Sign("bad", "failed", "bad"),
    "bounced": Sign("bad", "came back", "undo"),
    "complained": Sign("bad", "reported as unwanted", "flag"),
    "dropped": Sign("neutral", "held back", "refusal"),
}
REASONS: Final = {
    "bounced": "It came back after the server had taken it",
    "complained": "Its reader reported it",
    "delayed": "Its server has put it off and tries on",
    "soft": "It came back for now",
    "soft-often": "It came back for now once too often, so the address is left alone",
    "gave-up": "Given up after the last try",
    "refused": "The server refused it",
    "bad-address": "The address cannot be one",
}
CAUSES: Final = {
    "complaints": "Too many people reported letters as unwanted.",
    "staff": "A member of the staff stopped them.",
}


def state(campaign: Campaign) -> Sign:
    return STATES[campaign.state]


def copy_state(copy: Copy) -> Sign:
    return COPIES[copy.state]


def condition(one: Condition) -> str:
    """A condition of a segment, as the end of “people who …”."""
    rules = current().rules
    match one["by"]:
        case "choice":
            return f"said yes to “{_purpose(one['purpose'])}”"
        case "permitted":
            return f"may be written to for “{_purpose(one['purpose'])}”"
        case "touchpoint":
            known = rules.touchpoints.get(one["touchpoint"])
            return f"gave their data at “{known.title if known else one['touchpoint']}”"
        case _:
            return f"have one exact {category(one['category'])}, which is kept sealed"


def category(key: str) -> str:
    """A data category in words, for inside a sentence."""
    label = taxonomy.LABELS.get(key) or taxonomy.categories().names.get(key) or key
    label = label.removeprefix("Your ")
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def reason(state: str, key: str) -> str:
    """Why a copy did not arrive, where no server said it. What was held back has the words of the
    same reason in “who gets it and why not”.
    """
    if state == Copy.State.DROPPED and key in LABELS:
        return f"They {LABELS[key]}"
    return REASONS.get(key, key.replace("-", " "))


def ground(key: str) -> str:
    """A ground of the policy: `spam-prevention` is Spam prevention."""
    return key.replace("-", " ").capitalize()


def _purpose(key: str) -> str:
    known = current().rules.purposes.get(key)
    return known.label if known else key
