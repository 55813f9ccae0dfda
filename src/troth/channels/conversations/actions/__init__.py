"""What can be done with conversations. Each verb is gate → change → ledger, in one transaction.

A verb of the staff takes `revision`, the one its page was made from: when somebody else changed the
conversation since, it raises `StaleDenied` and changes nothing. `None` asks for no such check (the
software itself, bulk changes). After each commit the change is on the bus, by ids alone.
"""

from troth.channels.conversations.actions.attending import here
from troth.channels.conversations.actions.coming_back import (
    ask_rating,
    follow_up,
    follow_up_done,
    rate,
)
from troth.channels.conversations.actions.handing import (
    distribute,
    release,
    take,
)
from troth.channels.conversations.actions.identifying import identify
from troth.channels.conversations.actions.joining import (
    merge_conversations,
    split,
    to_chat,
    to_ticket,
    unmerge,
)
from troth.channels.conversations.actions.many import Bulk, bulk
from troth.channels.conversations.actions.marking import (
    add_participant,
    link,
    saw,
    tag,
    unlink,
    untag,
)
from troth.channels.conversations.actions.moving import assign, transfer
from troth.channels.conversations.actions.opening import (
    open_by_hand,
    open_chat,
    open_ticket,
    take_offline,
)
from troth.channels.conversations.actions.securing import (
    answer_securely,
    ask_securely,
    end_secure_forms,
)
from troth.channels.conversations.actions.settling import (
    close,
    reopen,
    set_priority,
    set_state,
    solve,
)
from troth.channels.conversations.actions.viewing import remove_view, save_view
from troth.channels.conversations.actions.writing import Draft, note, write, write_many

__all__ = [
    "Bulk",
    "Draft",
    "add_participant",
    "answer_securely",
    "ask_rating",
    "ask_securely",
    "assign",
    "bulk",
    "close",
    "distribute",
    "end_secure_forms",
    "follow_up",
    "follow_up_done",
    "here",
    "identify",
    "link",
    "merge_conversations",
    "note",
    "open_by_hand",
    "open_chat",
    "open_ticket",
    "rate",
    "release",
    "remove_view",
    "reopen",
    "save_view",
    "saw",
    "set_priority",
    "set_state",
    "solve",
    "split",
    "tag",
    "take",
    "take_offline",
    "to_chat",
    "to_ticket",
    "transfer",
    "unlink",
    "unmerge",
    "untag",
    "write",
    "write_many",
]
