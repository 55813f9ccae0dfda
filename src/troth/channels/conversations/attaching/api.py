"""What other parts may use of files."""

from troth.channels.conversations.attaching.handing_out import (
    FileDenied,
    FileMissing,
    answer,
    content,
    of_staff,
)
from troth.channels.conversations.attaching.keeping import (
    WORDS,
    Prepared,
    drop,
    forget_unsent,
    join,
    keep,
    prepare,
    take,
)
from troth.channels.conversations.attaching.rescanning import scan_waiting

__all__ = [
    "WORDS",
    "FileDenied",
    "FileMissing",
    "Prepared",
    "answer",
    "content",
    "drop",
    "forget_unsent",
    "join",
    "keep",
    "of_staff",
    "prepare",
    "scan_waiting",
    "take",
]
