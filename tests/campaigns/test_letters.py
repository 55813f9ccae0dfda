"""Letters as bytes: whatever people are called, the message stays whole and says just that."""

from __future__ import annotations

import quopri
from email import message_from_bytes, policy

import dkim
import pytest
from hypothesis import given, strategies as st

from troth.kit.mail import MailInvalid, quoted
from troth.kit.mail.dkim import Signer, new_key
from troth.kit.mail.plain import html_as_text
from troth.kit.mail.press import Fill, Press, checked_address, header, named

TEXT = st.text(st.sampled_from(" .F=aé\t\n日roms<>&\u202e{}"), max_size=200)
SIGNER = Signer("harbour.example", "troth", new_key())


@given(st.lists(TEXT, min_size=1, max_size=3))
def test_pieces_join_to_what_was_written_in_canonical_form(pieces: list[str]) -> None:
    raw = b"".join(quoted.encoded(piece) for piece in pieces)
    assert quopri.decodestring(raw).decode().replace("\r\n", "\n") == "".join(pieces)
    for line in raw.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From", b" "))
        assert not line.endswith((b" ", b"\t"))
        assert b"  " not in line


@given(st.text(max_size=80))
def test_no_name_breaks_a_header_or_the_signature(name: str) -> None:
    press = Press(
        subject=("For ", Fill("name", "friend")),
        text=("Dear ", Fill("name"), ",\n"),
        html=("<p>Dear ", Fill("name"), "</p>"),
        headers=[("From", named("Hafen ⚓", "news@harbour.example"))],
        domain="harbour.example",
        signer=SIGNER,
    )
    raw = press.message({"name": name}, to="p1@people.example", message_id="1.a")
    record = SIGNER.record()[1].encode()
    assert dkim.DKIM(raw).verify(dnsfunc=lambda _name, timeout=5: record)
    message = message_from_bytes(raw, policy=policy.default)
    assert message.keys() == [
        *("DKIM-Signature", "To", "Subject", "Date", "Message-ID", "From", "MIME-Version"),
        "Content-Type",
    ]
    part = message.get_body(("html",))  # type: ignore[attr-defined]
    assert "<p>Dear " in part.get_content()
    assert part.get_content().count("<") == 2


@pytest.mark.parametrize(
    "text", ["a@b\r\nc", "a b@c.example", "<a@c.example>", "a@", "@b", "a,b@c"]
)
def test_what_is_no_address_goes_into_no_envelope(text: str) -> None:
    with pytest.raises(MailInvalid) as refused:
        checked_address(text)
    assert text not in str(refused.value)


def test_headers_and_addresses_as_they_should_be() -> None:
    assert checked_address("ada@bücher.example") == "ada@xn--bcher-kva.example"
    assert named('A "B"', "a@x.example") == '"A \\"B\\"" <a@x.example>'
    with pytest.raises(MailInvalid):
        header("one\r\nBcc: two")


def test_html_is_pleasant_as_text() -> None:
    page = "<h1>Pier</h1><p>It is <a href='https://x.example/'>open</a>.<br>Come!</p><ul><li>a<li>b"
    page += "<img src='https://x.example/a.png' alt='A pier'><style>p{}</style>"
    text = html_as_text(page)
    assert text == "Pier\n\nIt is open <https://x.example/>.\nCome!\n\n- a\n- bA pier"
