"""Whether a machine sent a mail, and whether one may answer it (RFC 3834, RFC 2919, practice)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from typing import Final, Literal

from troth.kit.inbound import headers

Sort = Literal["", "answer", "report", "list", "generated"]

# Local parts nobody reads answers at (RFC 2142, RFC 5321 section 4.5.5, practice).
_NOBODY: Final = re.compile(
    r"(mailer-daemon|postmaster|listserv|majordomo|(no|do-?not|don-?t)[-_.]?reply.*|noresponse|"
    r"bounces?([-+].*)?|owner-.*|.*-request|.*-bounces?|notifications?|auto-?(reply|responder))",
    re.IGNORECASE,
)
# Machines that leave every header out say it in the subject.
_ABSENT: Final = re.compile(
    r"\s*(auto(matic|mated)?[ -]?(reply|response|answer)|auto:|out of (the )?office|"
    r"(automatische )?abwesenheits|automatische antwort|réponse automatique|absence du bureau|"
    r"respuesta automática|fuera de la oficina|risposta automatica|fuori sede|"
    r"resposta automática|automatisch antwoord|afwezig|autosvar|automaattinen vastaus|"
    r"автоответ|autoresponder)",
    re.IGNORECASE,
)
_UNDELIVERED: Final = re.compile(
    r"\s*(undeliver(able|ed)|delivery status notification|mail delivery (failed|system)|"
    r"returned mail|failure notice|unzustellbar)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Automatic:
    """`sort` is "" for what a person sent. `answerable`: a machine may acknowledge it."""

    sort: Sort = ""
    answerable: bool = True

    def __bool__(self) -> bool:
        return bool(self.sort)


def automatic(message: Message, *, envelope: str | None, sender: str) -> Automatic:
    """How a mail came about. `envelope` is its envelope's sender, None where nobody knows it."""
    sort = _sort(message, envelope, sender)
    asked = headers.raw(message, "X-Auto-Response-Suppress").lower()
    refuses = any(one.strip() in ("all", "autoreply", "oof") for one in asked.split(","))
    nobody = _NOBODY.fullmatch(sender.rpartition("@")[0]) is not None
    return Automatic(sort, answerable=not (sort or refuses or nobody or not sender))


def _sort(message: Message, envelope: str | None, sender: str) -> Sort:
    subject = headers.words(headers.raw(message, "Subject"))
    if message.get_content_type() == "multipart/report" or _UNDELIVERED.match(subject):
        return "report"
    said = headers.raw(message, "Auto-Submitted").lower().partition(";")[0].strip()
    if said.startswith("auto-replied") or _answers(message, subject):
        return "answer"
    if said and said != "no":
        return "generated"
    if envelope == "" or sender.lower().startswith(("mailer-daemon@", "postmaster@")):
        return "report"
    precedence = headers.raw(message, "Precedence").lower()
    if precedence == "list" or any(message.get(name) for name in ("List-Id", "List-Post")):
        return "list"
    if precedence in ("bulk", "junk") or message.get("List-Unsubscribe"):
        return "generated"
    return ""


def _answers(message: Message, subject: str) -> bool:
    names = (
        "X-Autoreply",
        "X-Autorespond",
        "X-Autoresponder",
        "X-AutoReply-From",
        "X-Mail-Autoreply",
    )
    return (
        any(message.get(name) is not None for name in names)
        or headers.raw(message, "Precedence").lower() == "auto_reply"
        or _ABSENT.match(subject) is not None
    )
