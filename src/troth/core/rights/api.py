"""The door of `rights` for pages, mails, agents, the console and the command line."""

from __future__ import annotations

from troth.core.rights.asking import ask, prove
from troth.core.rights.content import Content, read as read_content, write as write_content
from troth.core.rights.models import Event, Request, Step, Telling
from troth.core.rights.moving import (
    answered,
    extend,
    on_closed,
    refuse,
    resume,
    settle,
    wait_for,
    withdraw,
)
from troth.core.rights.packing import package
from troth.core.rights.planning import plan
from troth.core.rights.queries import (
    by_ref,
    of,
    open_requests,
    overdue,
    telling_by_ref,
    tellings_due,
)
from troth.core.rights.running import approve, fulfil, take_up
from troth.core.rights.sources import (
    Found,
    Left,
    Planned,
    Source,
    SourceInvalid,
    SourceMissing,
    Subject,
    register_source,
    register_sources,
)
from troth.core.rights.tellings import told, was_answered

__all__ = [
    "Content",
    "Event",
    "Found",
    "Left",
    "Planned",
    "Request",
    "Source",
    "SourceInvalid",
    "SourceMissing",
    "Step",
    "Subject",
    "Telling",
    "answered",
    "approve",
    "ask",
    "by_ref",
    "extend",
    "fulfil",
    "of",
    "on_closed",
    "open_requests",
    "overdue",
    "package",
    "plan",
    "prove",
    "read_content",
    "refuse",
    "register_source",
    "register_sources",
    "resume",
    "settle",
    "take_up",
    "telling_by_ref",
    "tellings_due",
    "told",
    "wait_for",
    "was_answered",
    "withdraw",
    "write_content",
]
