"""What can be asked about conversations. None of it opens a word: bodies are `reading`'s alone."""

from troth.channels.conversations.queries.desks import (
    canned,
    desk,
    follow_ups,
    online,
    queues,
    saved_views,
)
from troth.channels.conversations.queries.finding import by_number, by_ref, chat_of, joins
from troth.channels.conversations.queries.history import Line, history
from troth.channels.conversations.queries.inbox import Row
from troth.channels.conversations.queries.permitted import purpose_of, support, ways
from troth.channels.conversations.queries.searching import Found, search, search_people

__all__ = [
    "Found",
    "Line",
    "Row",
    "by_number",
    "by_ref",
    "canned",
    "chat_of",
    "desk",
    "follow_ups",
    "history",
    "joins",
    "online",
    "purpose_of",
    "queues",
    "saved_views",
    "search",
    "search_people",
    "support",
    "ways",
]
