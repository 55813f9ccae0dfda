"""The SMTP server (RFC 5321) that takes mail for registered recipients and for nobody else.

It speaks on the port of the setting ``inbound_port`` (off without one), on the address of
``inbound_host``. Put a mail server that knows about spam and TLS before it on the open net.
"""

from __future__ import annotations

import logging
import threading
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import close_old_connections, connections

from troth.kit.inbound import spool
from troth.kit.inbound.routes import RouteContestedInvalid, route

logger = logging.getLogger("troth.inbound")
LARGEST: Final = 36 * 1024 * 1024  # a file of 25 MB, as mail spells it, and the words
LINE: Final = 4 * 1024 * 1024  # bytes
MOST: Final = 20  # recipients of one mail
PAUSE: Final = 0.2


class Receiver:
    """aiosmtpd's handler: refuses strangers, keeps the rest, and says 250 once it is kept."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        # In a thread of its own, since a part may have to ask the database.
        if refused := await server.loop.run_in_executor(None, _refused, address):
            return refused
        if len(envelope.rcpt_tos) >= MOST:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        peer, helo = _peer(session)
        # The null sender of reports (RFC 5321 section 4.5.5) comes as its two brackets.
        sender = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
        for recipient in envelope.rcpt_tos:
            # In a thread of its own, since it waits for the disk.
            await server.loop.run_in_executor(None, _keep, sender, recipient, content, peer, helo)
        return "250 2.0.0 Kept"

    async def handle_exception(self, error: Exception) -> str:
        """What could not be kept was not taken: the sender tries again. Its error is not theirs."""
        # By its kind alone: what it says could repeat the mail.
        logger.error("A mail could not be kept: %s", type(error).__name__)
        return "451 4.3.0 It could not be kept; try again later"


def _refused(address: str) -> str:
    """Why mail for an address is not taken; "" if it is."""
    try:
        known = route(address) is not None
    except RouteContestedInvalid:
        return "450 4.3.5 It is not settled whose address this is; try again later"
    else:
        return "" if known else "550 5.1.1 Nobody of this name receives mail here"
    finally:
        connections.close_all()


def _peer(session: Session) -> tuple[str, str]:
    peer: Any = session.peer
    address = str(peer[0]) if isinstance(peer, tuple) and peer else ""
    return address, str(session.host_name or "")[:255]


def _keep(sender: str, recipient: str, content: bytes, peer: str, helo: str) -> None:
    try:
        spool.keep(sender, recipient, content, peer, helo)
    finally:
        connections.close_all()  # those of this thread, which the key may have come through


class _Server(SMTP):
    """As aiosmtpd's, but for lines that are longer than they may be (RFC 5321 section 4.5.3.1.6):
    mailers write them, and who sent the mail cannot help it.
    """

    line_length_limit = LINE


class Door(Controller):
    """The server in a thread of its own."""

    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


class Listening:
    """The server and the thread that deals with what it keeps, until `stop`."""

    def __init__(self, host: str, port: int) -> None:
        self._stop = threading.Event()
        self._controller = Door(
            Receiver(), hostname=host, port=port, data_size_limit=LARGEST, ident="Troth"
        )
        self._thread = threading.Thread(target=self._deal, name="inbound")
        self.port = port

    def start(self) -> None:
        spool.folder()
        self._controller.start()
        self._thread.start()

    def stop(self) -> None:
        self._controller.stop()
        self._stop.set()
        self._thread.join()

    def _deal(self) -> None:
        due: dict[str, float] = {}
        spool.forget_old()
        while not self._stop.wait(PAUSE):
            for path in spool.waiting():
                spool.deal(path, due)
            close_old_connections()
        connections.close_all()


def listening() -> Listening | None:
    """A server as the settings want it, started; None where they want none."""
    port = int(settings.HOME.option("inbound_port", "0"))
    if not port:
        return None
    made = Listening(settings.HOME.option("inbound_host", "127.0.0.1"), port)
    made.start()
    return made
