"""Mails as customers write them, each from somebody else. Pure Python: peers use it too."""

from __future__ import annotations


def mail(number: int, to: str) -> bytes:
    """One of them: text and HTML, as mailers send both."""
    words = (
        f"Hello,\r\n\r\nour printer number {number} prints nothing since yesterday. We have turned "
        "it off and on.\r\nWhat else can we try?\r\n\r\nMany thanks\r\n-- \r\n"
        f"Person {number}\r\nPier {number % 90}, Harbour Town\r\n"
    )
    html = "".join(f"<p>{line}</p>" for line in words.split("\r\n\r\n"))
    return (
        f"From: Person {number} <p{number}@people.example>\r\nTo: {to}\r\n"
        f"Subject: Printer {number}\r\nMessage-ID: <{number}.a1b2@mailer.example>\r\n"
        "Date: Mon, 05 Jan 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative; boundary="b1"\r\n\r\n'
        f"--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
        f"--b1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--b1--\r\n"
    ).encode()
