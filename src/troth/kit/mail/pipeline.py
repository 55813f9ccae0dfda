"""Many messages over one connection, several commands to a packet (RFC 2920).

The words of a message go together with the envelope of the next, so that each message costs one
round trip. They go only after the server's 354, which comes after its answer to the message before:
so at any moment at most one message has been sent whose fate is not known.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from troth.kit.mail.transport import Outcome, Transport, outcome_of

T = TypeVar("T")
_GO_ON, _OK, _CLOSING = 354, 2, 421
_LONGEST_LINE: Final = 65_536
_FINAL_PATIENCE: Final = 3  # times the timeout, for the answer to a whole message


class ServerMissing(Exception):
    """The connection ended or never came. `words` say how, without an address.

    `uncertain`: the message in hand was sent and the server's answer did not come.
    """

    def __init__(self, words: str, *, code: int = 0, uncertain: bool = False) -> None:
        super().__init__(words)
        self.words, self.code, self.uncertain = words, code, uncertain


@dataclass(frozen=True, slots=True)
class Outgoing(Generic[T]):
    """One message. `data` makes it when it is its turn; `size` is about how long it gets."""

    tag: T
    sender: str
    to: str
    size: int
    data: Callable[[], bytes]


class Pipeline(Generic[T]):
    """A connection that is kept. Not safe between threads or over a fork."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._smtp: smtplib.SMTP | None = None
        self._heard = b""
        self._clean = True  # the server has no half of an envelope from us

    def send(
        self, messages: Iterable[Outgoing[T]], leaving: Callable[[T], None]
    ) -> Iterator[tuple[T, Outcome]]:
        """Send them in turn, and say what became of each as soon as it is known.

        `leaving` is called right before the words of a message go out; what it does (writing it
        down) is done before. Raises `ServerMissing`; the messages that no outcome was told of were
        not sent, but for the one `leaving` was told of last.
        """
        source = iter(messages)
        following = next(source, None)
        if following is None:
            return
        self._connect()
        pending: Outgoing[T] | None = None
        try:
            unasked = self._announce(following, b"")
            while following is not None:
                item = following
                if pending is not None:
                    # Before anything else is done, so that the time in which nobody knows is short.
                    done, pending = (pending.tag, self._final(pending)), None
                    yield done
                refused = unasked or self._envelope(item)
                following = next(source, None)
                if refused is None:
                    words = item.data() + b".\r\n"
                    leaving(item.tag)
                    pending = item
                    # The envelope of what follows goes out in the same packet.
                    unasked = self._announce(following, words)
                else:
                    unasked = self._announce(following, b"")
                    yield item.tag, refused
            if pending is not None:
                yield pending.tag, self._final(pending)
                pending = None
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise ServerMissing(_said(error), uncertain=pending is not None) from None
        except ServerMissing as lost:
            self.drop()
            # An answer of 421 to a message says that it was not taken.
            uncertain = pending is not None and lost.code != _CLOSING
            raise ServerMissing(lost.words, code=lost.code, uncertain=uncertain) from None
        except GeneratorExit:
            # Whoever listened has gone; what the server still says is for nobody.
            self.drop()
            raise

    def drop(self) -> None:
        """Close the connection as it is."""
        if self._smtp is not None:
            self._smtp.close()
        self._smtp, self._heard, self._clean = None, b"", True

    def close(self) -> None:
        """Say goodbye, if there is a connection."""
        if self._smtp is not None:
            with suppress(OSError):
                self._write(b"QUIT\r\n")
        self.drop()

    def _connect(self) -> None:
        if self._smtp is not None:
            if self._still_there():
                return
            self.drop()
        try:
            self._smtp = self._transport.greeted()
        except (OSError, smtplib.SMTPException) as error:
            raise ServerMissing(_said(error), code=getattr(error, "smtp_code", 0)) from None
        self._heard, self._clean = b"", True

    def _still_there(self) -> bool:
        """Whether the server has not closed the connection while it was idle."""
        try:
            self._write(b"RSET\r\n")
            code, _ = self._reply()
        except (OSError, ServerMissing):
            return False
        return code // 100 == _OK

    def _announce(self, item: Outgoing[T] | None, before: bytes) -> Outcome | None:
        """Write `before` and the envelope of `item`; an outcome if it cannot even be asked for."""
        assert self._smtp is not None
        refused = None
        if item is not None:
            options = ""
            ascii_only = (item.sender + item.to).isascii()
            if not ascii_only and not self._smtp.has_extn("smtputf8"):
                refused = Outcome(
                    "refused", 0, "The mail server takes no address with letters beyond ASCII."
                )
            elif 0 < self._largest() < item.size:
                refused = Outcome("refused", 0, "The message is larger than the mail server takes.")
            else:
                if not ascii_only:
                    options += " SMTPUTF8"
                if self._smtp.has_extn("size"):
                    options += f" SIZE={item.size}"
                reset = b"" if self._clean else b"RSET\r\n"
                envelope = (
                    reset
                    + (
                        f"MAIL FROM:<{item.sender}>{options}\r\nRCPT TO:<{item.to}>\r\nDATA\r\n"
                    ).encode()
                )
                before = self._paced(before, envelope)
        if before:
            self._write(before)
        return refused

    def _paced(self, before: bytes, envelope: bytes) -> bytes:
        """What may go out at once: all of it, where the server takes several commands."""
        assert self._smtp is not None
        if self._smtp.has_extn("pipelining"):
            return before + envelope
        self._waiting = envelope
        return before

    def _largest(self) -> int:
        assert self._smtp is not None
        text = self._smtp.esmtp_features.get("size", "") or "0"
        return int(text) if text.isdigit() else 0

    def _envelope(self, item: Outgoing[T]) -> Outcome | None:
        """The refusal of the sender, the recipient or the message, or None: the words may go."""
        assert self._smtp is not None
        commands = 3 if self._clean else 4
        if self._smtp.has_extn("pipelining"):
            replies = [self._reply() for _ in range(commands)]
        else:
            replies = self._one_by_one()
        replies = replies[-3:]
        bad = next((one for one in replies[:2] if one[0] // 100 != _OK), None)
        code, said = replies[-1]
        if bad is None and code == _GO_ON:
            self._clean = True
            return None
        if code == _GO_ON:  # a server that wants words for nobody: RFC 2920 section 3.1
            self._write(b".\r\n")
            self._reply()
        self._clean = False
        return self._judged(*(bad or (code, said)), item.to)

    def _one_by_one(self) -> list[tuple[int, bytes]]:
        replies = []
        for command in self._waiting.splitlines(keepends=True):
            self._write(command)
            replies.append(self._reply())
            if replies[-1][0] // 100 > 3:  # noqa: PLR2004 - refused: the rest is not asked
                break
        return replies + [replies[-1]] * (3 - len(replies))

    def _final(self, item: Outgoing[T]) -> Outcome:
        """The answer to a whole message, for which a server may take its time."""
        assert self._smtp is not None
        sock = self._smtp.sock
        assert sock is not None
        if b"\n" in self._heard:
            return self._judged(*self._reply(), item.to)
        sock.settimeout(self._transport.timeout * _FINAL_PATIENCE)
        try:
            return self._judged(*self._reply(), item.to)
        finally:
            sock.settimeout(self._transport.timeout)

    def _judged(self, code: int, said: bytes, to: str) -> Outcome:
        if code // 100 == _OK:
            return Outcome("accepted", code, "")
        return outcome_of(code, said, to)

    def _write(self, data: bytes) -> None:
        assert self._smtp is not None
        assert self._smtp.sock is not None
        self._smtp.sock.sendall(data)

    def _reply(self) -> tuple[int, bytes]:
        """The next reply, all its lines as one. Raises `ServerMissing` for none or nonsense."""
        lines = []
        while True:
            line = self._line()
            if not line[:3].isdigit():
                raise ServerMissing("The mail server said something that is no reply.")
            lines.append(line[4:].rstrip())
            if line[3:4] != b"-":
                break
        code, said = int(line[:3]), b" ".join(lines)
        if code == _CLOSING:
            raise ServerMissing(outcome_of(code, said, "").words, code=code)
        return code, said

    def _line(self) -> bytes:
        assert self._smtp is not None
        assert self._smtp.sock is not None
        while b"\n" not in self._heard:
            more = self._smtp.sock.recv(_LONGEST_LINE)
            if not more or len(self._heard) > _LONGEST_LINE:
                raise ServerMissing("The mail server closed the connection.")
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        return line


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "The mail server did not answer in time."
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server did not accept our name and password."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "The mail server does not offer what is needed."
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "The mail server closed the connection."
    return "The mail server could not be reached."
