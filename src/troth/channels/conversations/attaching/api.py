"""What other parts may use of files."""

from troth.channels.conversations.attaching.handing_out import (
    FileDenied,
    FileMissing,
    answer,
    of_staff,
    refuse_infected,
)
from troth.channels.conversations.attaching.keeping import (
    WORDS,
    Prepared,
    forget_unsent,
    keep,
    prepare,
)
from troth.channels.conversations.attaching.rescanning import scan_waiting

__all__ = [
    "WORDS",
    "FileDenied",
    "FileMissing",
    "Prepared",
    "answer",
    "forget_unsent",
    "keep",
    "of_staff",
    "prepare",
    "refuse_infected",
    "scan_waiting",
]
