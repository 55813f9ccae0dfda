"""Any mail as something to read: what mailers really send, and what nobody should."""

from __future__ import annotations

import struct
import time

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from troth.kit.inbound.charsets import decoded, shown
from troth.kit.inbound.cleaning import cleaned, presented
from troth.kit.inbound.folding import fold, own_words
from troth.kit.inbound.letter import Letter, read


def mail(head: str, body: bytes = b"", *, line: str = "\r\n") -> bytes:
    return (head.strip().replace("\n", line) + line * 2).encode() + body


def parts(*pieces: bytes) -> bytes:
    return b"".join(b"--b\r\n" + piece + b"\r\n" for piece in pieces) + b"--b--\r\n"


MIXED = 'Content-Type: multipart/mixed; boundary="b"'


def tnef(name: bytes, data: bytes) -> bytes:
    """A winmail.dat with one file, as MS-OXTNEF section 2.1 spells it."""

    def attribute(level: int, kind: int, value: bytes) -> bytes:
        return (
            struct.pack("<BII", level, kind, len(value))
            + value
            + struct.pack("<H", sum(value) & 0xFFFF)
        )

    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
        + attribute(2, 0x00069002, b"\x00" * 14)
        + attribute(2, 0x00018010, name + b"\x00")
        + attribute(2, 0x0006800F, data)
    )


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        ("utf-8", "Grüße 👋".encode(), "Grüße 👋"),
        ("iso-8859-1", b"caf\xe9 \x80", "café €"),  # what it claims is not what it is
        ("x-unknown", "Grüße".encode(), "Grüße"),
        ("x-unknown", b"caf\xe9", "café"),
        ("utf-8", b"caf\xe9", "café"),
        ("gb2312", "镕基".encode("gb18030"), "镕基"),
        ("ks_c_5601-1987", "똠방".encode("cp949"), "똠방"),
        ("shift_jis", "①".encode("cp932"), "①"),
        ("iso-2022-jp", "日本語".encode("iso-2022-jp"), "日本語"),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет"),
        ("utf-7", b"Hi +AOk-", "Hi é"),
        ("windows-874", "สวัสดี".encode("cp874"), "สวัสดี"),
        ("hex", b"6161", "6161"),  # codecs that are no charsets
        ("zlib_codec", b"plain", "plain"),
        ("idna", b"plain", "plain"),
        ("", b"\xff\xfe", "ÿþ"),
    ],
)
def test_charsets_real_and_claimed(charset: str, raw: bytes, text: str) -> None:
    assert decoded(raw, charset) == text
    found = read(mail(f'From: a@b.example\nContent-Type: text/plain; charset="{charset}"', raw))
    assert found.text == shown(text)


def test_headers_in_every_spelling() -> None:
    found = read(
        mail(
            """From: =?utf-8?B?SsO8cmdlbg==?= =?utf-8?q?_M=C3=BCller?= <J@Example.COM>
Subject: =?iso-8859-1?q?caf=E9?= =?x-none?q?=C3=A9?= =?utf-8?b?!!?= plain
Message-ID: <one@mailer.example>
In-Reply-To: <two@mailer.example> (sent by me)
References: <zero@mailer.example>
  <two@mailer.example>
Date: Tue, 31 Feb 2026 99:00:00"""
        )
    )
    assert (found.sender_name, found.sender) == ("Jürgen Müller", "J@example.com")
    assert found.subject.startswith("caféé")
    assert found.references == ("two@mailer.example", "zero@mailer.example")
    assert found.dated is None
    raw = read("From: Jörg <j@b.example>\nSubject: Grüße\n\nx".encode())
    assert (raw.sender_name, raw.subject) == ("Jörg", "Grüße")
    latin = read("From: Jörg <j@b.example>\nSubject: Grüße\n\nx".encode("latin-1"))
    assert (latin.sender_name, latin.subject) == ("Jörg", "Grüße")
    assert read(b"From: undisclosed\r\n\r\nx").sender == ""
    assert read(b"From: a@b.example, c@d.example\r\n\r\nx").sender == "a@b.example"
    turned = read("From: \u202eelpmaxe <a@b.example>\r\nSubject: a\u202eb\x07c\r\n\r\nx".encode())
    assert (turned.sender_name, turned.subject) == ("elpmaxe", "abc")


def test_files_nested_mails_and_parts_of_nothing() -> None:
    inner = mail("From: x@y.example\nSubject: Inner", b"Inner words")
    found = read(
        mail(
            f"From: a@b.example\n{MIXED}",
            parts(
                b"Content-Type: text/plain\r\n\r\nOuter words",
                b"Content-Type: text/plain\r\n\r\n",
                b"\r\n",
                b'Content-Type: application/pdf; name="=?utf-8?q?R=C3=A9.pdf?="\r\n'
                b"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=",
                b"Content-Disposition: attachment; filename*=utf-8''..%2Fetc%2Fpa%3Asswd\r\n\r\nx",
                b"Content-Disposition: attachment; filename=empty.txt\r\n\r\n",
                b"Content-Type: message/rfc822\r\n\r\n" + inner,
                b"Content-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<b>x</b>",
            ),
        )
    )
    assert found.text.startswith("Outer words")
    assert "Inner words" in found.text
    named = {file.name: file.content for file in found.files}
    assert named["Ré.pdf"] == b"%PDF-"
    assert named["pa_sswd"] == b"x"
    assert named["empty.txt"] == b""
    assert b"Inner words" in named["Inner.eml"]
    assert not found.html
    assert found.faults == ()


def test_winmail_is_unwrapped() -> None:
    dat = mail(
        f"From: a@b.example\n{MIXED}",
        parts(
            b"Content-Type: text/plain\r\n\r\nSee the file",
            b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n"
            + tnef(b"plan.txt", b"the plan"),
            b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nbroken",
        ),
    )
    found = read(dat)
    assert [(file.name, file.content) for file in found.files] == [
        ("plan.txt", b"the plan"),
        ("winmail.dat", b"broken"),
    ]
    assert found.faults == ("winmail-unread",)


def test_html_is_shown_without_running_or_fetching_anything() -> None:
    safe = cleaned(
        '<style>p{}</style><p onclick="x()" style="background:url(http://e.example/b)">Hi '
        '<img src="https://t.example/logo.png" alt="Logo &quot;x&quot; <b>" '
        'srcset="http://e.example 2x">'
        '<img src="https://t.example/open?id=1" width="1" height="1">'
        '<img src="cid:part1" alt="Plan"><script>alert(1)</script>'
        '<a href="javascript:x()">a</a><a href="https://ok.example" target=_top>b</a>'
        '<svg><image href="http://e.example"/></svg><form action="http://e.example"><input></form>'
        '<link rel="stylesheet" href="http://e.example"><base href="http://e.example">'
        "<table background='http://e.example'><tr><td>1</td></tr></table>"
    )
    assert "<img" not in safe
    for bad in ("script", "onclick", "style", "e.example", "javascript", "open?id", "form", "svg"):
        assert bad not in safe
    assert safe.count("https://t.example/logo.png") == 1
    assert 'class="remote-picture"' in safe
    assert "[Plan]" in safe
    assert 'rel="noopener noreferrer nofollow"' in safe
    assert cleaned(safe).count("remote-picture") <= 1
    both = read(
        mail(
            'From: a@b.example\nContent-Type: multipart/alternative; boundary="b"',
            parts(
                b"Content-Type: text/plain\r\n\r\nplain",
                b"Content-Type: text/html\r\n\r\n<div><b>plain</b></div>",
            ),
        )
    )
    assert (both.text, both.html) == ("plain", ""), "the HTML says no more"
    alone = read(mail("From: a@b.example\nContent-Type: text/html", b"<p>One</p><ul><li>Two</ul>"))
    assert "One" in alone.text
    assert "<li>Two</li>" in alone.html
    quoting = presented("<p>New</p><blockquote>Old<blockquote>Older</blockquote></blockquote>")
    assert quoting.count("<details") == 1
    assert quoting.endswith("</details>")


FOLDED = [
    ("Yes.\n\nOn Mon, 5 Jan 2026 at 10:00, Ann <a@b.example> wrote:\n> Sure?\n> Ann", "Yes."),
    ("Ja.\n\nAm 05.01.2026 um 10:00 schrieb Ann:\n> Sicher?", "Ja."),
    ("Oui.\n\nLe lun. 5 janv. 2026 à 10:00,\nAnn <a@b.example> a écrit :\n> Sûr ?", "Oui."),
    ("Da.\n\n05.01.2026 10:00, Анна пишет:\n> Точно?", "Da."),
    ("OK\n\n-----Original Message-----\nFrom: Ann\nSent: today\n\nSure?", "OK"),
    ("OK\n\nFrom: Ann\nSent: today\nTo: me\nSubject: Hm\n\nSure?", "OK"),
    ("Hi\n\n-- \nMary Smith\nPier 7", "Hi"),
    ("Hi\n\nSent from my telephone", "Hi"),
    ("> a\nfirst\n> b\nsecond", "first\nsecond"),
    ("From: is a word\nand so on", "From: is a word\nand so on"),
    ("On Monday somebody wrote: nothing", "On Monday somebody wrote: nothing"),
    ("> only a quote", "> only a quote"),
    ("a\n--------------------\nb", "a\n--------------------\nb"),
]


@pytest.mark.parametrize(("text", "words"), FOLDED)
def test_quotes_and_signatures_are_folded(text: str, words: str) -> None:
    assert own_words(text) == words
    assert "\n".join(piece.text for piece in fold(text)) == text


@pytest.mark.parametrize(
    ("head", "sort", "answerable"),
    [
        ("", "", True),
        ("Auto-Submitted: no", "", True),
        ("Auto-Submitted: auto-replied; owner-email=a@b.example", "answer", False),
        ("Auto-Submitted: auto-generated", "generated", False),
        ("Subject: Automatische Antwort: Ihre Frage", "answer", False),
        ("Subject: Out of Office: away", "answer", False),
        ("Precedence: bulk", "generated", False),
        ("List-Id: <l.example>", "list", False),
        ("Content-Type: multipart/report; boundary=b", "report", False),
        ("X-Auto-Response-Suppress: OOF, AutoReply", "", False),
    ],
)
def test_machines_are_told_from_people(head: str, sort: str, answerable: bool) -> None:
    found = read(mail(f"From: a@b.example\n{head}"), envelope="a@b.example").automatic
    assert (found.sort, found.answerable) == (sort, answerable)
    assert read(mail("From: a@b.example"), envelope="").automatic.sort == "report"
    assert not read(mail("From: noreply@b.example"), envelope="x@b.example").automatic.answerable


MANY = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (b"--b\r\n\r\n" + b"x" * 500) * 2_000
HUGE = {
    "header": b"From: a@b.example\r\nX-A: " + b"b" * 5_000_000 + b"\r\n\r\nhi",
    "headers": b"From: a@b.example\r\n" + b"X-A: b\r\n" * 300_000 + b"\r\nhi",
    "no body": b"From: a@b.example\r\n" + b"X-A: b\r\n" * 300_000,
    "depth": b"From: a@b.example\r\n"
    + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(900)
    ),
    "nesting": b"Content-Type: message/rfc822\n\n" * 900 + b"Subject: deep\n\nx",
    "parts": b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nx\r\n" * 20_000,
    "deep html": b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
    "unclosed fonts": b"Content-Type: text/html\r\n\r\n" + b"<p><font color=1>x" * 50_000,
    "one line": b"Content-Type: text/html\r\n\r\n" + b"a" * 3_000_000,
    "nothing": b"",
    "zeros": b"\x00" * 100_000,
    "breaks": b"\r\n" * 100_000,
    "half a boundary": b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n\r\nx",
    "runs of space": b"Subject: " + b" " * 30_000 + b"x\r\n" + b" \r\n\t" * 10_000 + b"y\r\n\r\nz",
    "mails in mails": b"From: a@b.example\r\n"
    + b"Content-Type: message/rfc822\r\n\r\n" * 12
    + MANY,
    "charset": b"Content-Type: text/plain; charset*=bogus'%%'%FF\r\n\r\nx",
}


@pytest.mark.parametrize("name", HUGE)
def test_traps_for_parsers_end_soon(name: str) -> None:
    start = time.process_time()
    found = read(HUGE[name])
    fold(found.text)
    assert time.process_time() - start < 5
    assert isinstance(found, Letter)
    assert sum(len(file.content) for file in found.files) < 2 * len(HUGE[name]) + 1000


WORD = st.sampled_from(
    [
        *("From: ", "Subject: ", "To: ", "Date: ", "References: ", "<a@b>", "=?utf-8?b?", "?="),
        *("Content-Type: ", "multipart/mixed; boundary=b", 'multipart/alternative; boundary="b"'),
        *("message/rfc822", "text/html", "text/plain; charset=", "utf-16", "application/ms-tnef"),
        *("Content-Transfer-Encoding: ", "base64", "quoted-printable", "x-uuencode", "8bit"),
        *("Content-Disposition: attachment; filename", "*0*=utf-8''", "%FF", "winmail.dat", "=E9"),
        *("--b\r\n", "--b--\r\n", "\r\n", "\r\n\r\n", "\n", " ", ";", '"', "begin 644 a\n", "\t"),
        *("<div>", "<blockquote>", "<img src=http://x>", "<!--", "]]>", "&#0;", "> ", "-- \n"),
        *("message/delivery-status", "Auto-Submitted: ", "text/plain; format=flowed", "\x00", "é"),
    ]
)
MAILS = st.one_of(
    st.binary(max_size=400),
    st.lists(WORD | st.text(max_size=8), max_size=40).map(
        lambda words: "".join(words).encode("utf-8", "surrogatepass")
    ),
    st.lists(WORD, max_size=30).map(lambda words: "".join(words).encode("latin-1", "replace")),
)


@settings(max_examples=200)
@given(MAILS)
@example(
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n"
)
def test_whatever_comes_is_a_letter_that_can_be_kept_and_shown(raw: bytes) -> None:
    found = read(raw)
    assert "unreadable" not in found.faults, "nothing this small should defeat the parser"
    for text in (found.text, found.html, found.subject, found.sender, found.sender_name):
        text.encode("utf-8")  # sealed as UTF-8, and shown
        assert "\x00" not in text
    assert "\n" not in found.subject + found.sender + found.sender_name
    assert "<script" not in found.html
    assert "<img" not in found.html
    assert "\n".join(piece.text for piece in fold(found.text)) == found.text
    for file in found.files:
        file.name.encode("utf-8")
        assert not set(file.name) & set("/\\\r\n\x00")
