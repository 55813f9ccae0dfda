"""What other parts may use: whether a browser may have a category, and which visitor it is.

`may(request, "analytics")` is the question before anything is noted of a browser. `visitor_for`
gives it a number where that is allowed, and `visitor_of` reads it; both say "" where it is not.
"""

from __future__ import annotations

from troth.channels.cookies.arranging import arrangement, kept
from troth.channels.cookies.bar import bar
from troth.channels.cookies.choosing import NoticeOutdatedInvalid, choose, meet, wanted
from troth.channels.cookies.embeds import Embed, embeds, let_in
from troth.channels.cookies.listing import Group, groups_of
from troth.channels.cookies.setting import (
    VISITOR,
    CookieMissing,
    declaration,
    give,
    held,
    may,
    may_have,
    take_back,
    visitor_for,
    visitor_of,
)

__all__ = [
    "VISITOR",
    "CookieMissing",
    "Embed",
    "Group",
    "NoticeOutdatedInvalid",
    "arrangement",
    "bar",
    "choose",
    "declaration",
    "embeds",
    "give",
    "groups_of",
    "held",
    "kept",
    "let_in",
    "may",
    "may_have",
    "meet",
    "take_back",
    "visitor_for",
    "visitor_of",
    "wanted",
]
