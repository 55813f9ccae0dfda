from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

_POST = {"post": kinds.reference}
_THREAD = {"thread": kinds.reference}
_ENTRY = {"entry": kinds.reference}
_STORY = {"story": kinds.reference}
_NUMBER = {"edition": kinds.integer}

NOTED = register(
    "community.noted",
    sentence="{actor} took note of what holds in the forum",
    detail={"notice": kinds.digest},
).name
POSTED = register("community.posted", sentence="{actor} wrote in the forum", detail=_POST).name
EDITED = register("community.edited", sentence="{actor} changed a post", detail=_POST).name
REMOVED = register("community.removed", sentence="{actor} took a post out", detail=_POST).name
HIDDEN = register("community.hidden", sentence="{actor} hid a post of yours", detail=_POST).name
RESTORED = register(
    "community.restored", sentence="{actor} showed a post of yours again", detail=_POST
).name
NAMED = register("community.named", sentence="{actor} chose a name for the forum").name
BOARD = register("community.board", sentence="{actor} changed the boards of the forum").name
ARRANGED = register(
    "community.arranged",
    sentence="{actor} changed how a thread stands: {how}",
    detail=_THREAD | {"how": kinds.one_of("pin", "unpin", "lock", "unlock")},
).name
WRITTEN = register(
    "community.written", sentence="{actor} wrote a help article", detail=_NUMBER
).name
PUBLISHED = register(
    "community.published", sentence="{actor} published a help article", detail=_NUMBER
).name
WITHDRAWN = register("community.withdrawn", sentence="{actor} took a help article off").name
LISTED = register(
    "community.listed", sentence="{actor} entered your company in the list of customers",
    detail=_ENTRY,
).name  # fmt: skip
UNLISTED = register(
    "community.unlisted", sentence="Your company was taken off the list of customers",
    detail=_ENTRY,
).name  # fmt: skip
TOLD = register(
    "community.told", sentence="{actor} wrote a story with your name down", detail=_STORY
).name
ASKED = register(
    "community.asked", sentence="You were asked to agree to a story", detail=_STORY
).name
AGREED = register(
    "community.agreed", sentence="{actor} agreed to a story as it stands", detail=_STORY
).name
SHOWN = register(
    "community.shown", sentence="{actor} published a story with your name", detail=_STORY
).name
TAKEN_BACK = register(
    "community.taken-back", sentence="A story with your name was taken back", detail=_STORY
).name
