from __future__ import annotations

from typing import Final

from troth.core.ledger import kinds
from troth.core.ledger.acts import Act, register

_CAMPAIGN: Final = {"campaign": kinds.reference}


def _act(name: str, sentence: str, **detail: kinds.Kind) -> str:
    made: Act = register(f"campaigns.{name}", sentence=sentence, detail={**_CAMPAIGN, **detail})
    return made.name


WRITTEN = _act("written", "{actor} wrote a campaign for {purpose}")
CHANGED = _act("changed", "{actor} changed a campaign for {purpose}")
REMOVED = _act("removed", "{actor} threw away the draft of a campaign")
TESTED = _act("tested", "{actor} had a campaign sent to themselves to look at")
SUBMITTED = _act("submitted", "{actor} handed a campaign in for {purpose}")
APPROVED = _act("approved", "{actor} approved a campaign")
REJECTED = _act("rejected", "{actor} rejected a campaign: {ground}", ground=kinds.key)
FROZEN = _act("frozen", "A campaign for {purpose} was made ready for {count} people")
SUBJECT = _act(
    "subject",
    "The subject of a campaign for {purpose} was chosen for {count} people: {which}, by {by}",
    which=kinds.one_of("a", "b"),
    by=kinds.one_of("opened", "noes", "none", "hand"),
)
PAUSED = _act("paused", "{actor} paused a campaign")
RESUMED = _act("resumed", "{actor} let a campaign go on")
CANCELLED = _act("cancelled", "{actor} cancelled a campaign")
DONE = _act("done", "A campaign for {purpose} was sent to the end")
BOUNCED = _act("bounced", "A newsletter to you came back, so your address is mailed no more")
COMPLAINED = _act("complained", "You reported a newsletter as unwanted, so you get no more of it")

MODERATION = register(
    "campaigns.moderation",
    sentence="{actor} set whether campaigns are read before they leave",
    detail={"needed": kinds.one_of("yes", "no")},
).name
STOPPED = register(
    "campaigns.stopped",
    sentence="All campaigns were stopped: {cause}",
    detail={"cause": kinds.one_of("complaints", "staff")},
).name
RELEASED = register("campaigns.released", sentence="{actor} let campaigns go on").name
LIMITED = register(
    "campaigns.limited",
    sentence="{actor} set how many complaints stop all campaigns: {limit} of ten thousand",
    detail={"limit": kinds.integer},
).name
_LAYOUT: Final = {"template": kinds.reference}
LAYOUT_KEPT = register(
    "campaigns.layout_kept", sentence="{actor} kept a template for campaigns", detail=_LAYOUT
).name
LAYOUT_REMOVED = register(
    "campaigns.layout_removed", sentence="{actor} threw away a template", detail=_LAYOUT
).name
SENDER = register(
    "campaigns.sender", sentence="{actor} set whom campaigns come from and where answers go"
).name
SOFT_LIMIT = register(
    "campaigns.soft_limit",
    sentence="{actor} set after how many returned letters an address is left alone: "
    "{most} within {days} days",
    detail={"most": kinds.integer, "days": kinds.integer},
).name
OPTED_OUT = register(
    "campaigns.opted_out", sentence="A mail asked us to write no more to its sender"
).name
