"""Mail: one Markdown template becomes a message, and a transport delivers it.

`compose` fills a template, `build` makes the message, `transport` hands it to the mail server.
"""

from troth.kit.mail.message import Attachment, MailInvalid, build
from troth.kit.mail.template import Composed, compose
from troth.kit.mail.transport import Outcome, Transport, transport

__all__ = [
    "Attachment",
    "Composed",
    "MailInvalid",
    "Outcome",
    "Transport",
    "build",
    "compose",
    "transport",
]
