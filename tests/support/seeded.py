"""Unmistakable personal values, and the search that proves they are nowhere in clear."""

from __future__ import annotations

import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4


@dataclass(frozen=True)
class Seed:
    """The values of one invented person. No other person of any test has one of them."""

    name: str
    email: str
    phone: str
    company: str
    website: str
    message: str

    @classmethod
    def new(cls) -> Seed:
        tag = uuid4().hex
        digits = str(int(tag[:12], 16)).zfill(15)[-7:]
        return cls(
            name=f"Zébédée Quill{tag[:12]}",
            email=f"zebedee.{tag[:12]}@seeded.example",
            phone=f"+1604{digits}",
            company=f"Quixotic & Daughters {tag[12:20]}",
            website=f"https://quill-{tag[:12]}.example/about",
            message=f"My budgerigar's name is Mx {tag[20:]}, and nobody else may know.",
        )

    def values(self) -> list[str]:
        return [self.name, self.email, self.phone, self.company, self.website, self.message]


def assert_nowhere(values: Iterable[str], folder: Path) -> None:
    """No file under `folder` holds one of `values`, in clear or in an encoding that hides nothing.

    Looked for without regard to case: UTF-8, UTF-16, percent, HTML and JSON escapes, hexadecimal;
    and base64 at each of its three alignments. Compressed and encrypted content is not opened.
    """
    forms = [(value, form) for value in values for form in set(_folded(value))]
    exact = [(value, form) for value in values for form in set(_base64(value))]
    found: list[str] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # a server that runs has removed it meanwhile
        lowered = content.lower()
        found += [f"{value!r} in {path} as {form!r}" for value, form in forms if form in lowered]
        found += [f"{value!r} in {path} as {form!r}" for value, form in exact if form in content]
    assert not found, "personal values in clear:\n" + "\n".join(found)


def _folded(value: str) -> Iterator[bytes]:
    """Forms to look for in content made lower case (ASCII letters only, as bytes.lower does)."""
    for text in (value, quote(value), quote(value, safe=""), quote(value).replace("%20", "+")):
        yield text.encode().lower()
    yield html.escape(value).encode().lower()
    yield json.dumps(value)[1:-1].encode().lower()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        encoded = value.encode(encoding)
        yield encoded.lower()
        yield encoded.hex().encode()


def _base64(value: str) -> Iterator[bytes]:
    raw = value.encode()
    for shift in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            # The first and last group also depend on the neighbours, so they are left out.
            yield encode(b"\0" * shift + raw)[4 if shift else 0 : -4]
