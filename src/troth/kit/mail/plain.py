"""HTML as plain text: what the text part of a mail shows when its author wrote HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from troth.kit.mail.text import wrap

_BLOCKS: Final = frozenset(
    "p div h1 h2 h3 h4 h5 h6 ul ol blockquote table tr pre hr figure center".split()
)
_HIDDEN: Final = frozenset({"style", "script", "title", "head"})


def html_as_text(source: str) -> str:
    """Paragraphs of at most 72 characters a line; links as `words <address>`, pictures as their
    description.
    """
    reader = _Reader()
    reader.feed(source)
    reader.close()
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in "".join(reader.found).split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return "\n".join(wrap(line, "") for line in text.split("\n"))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.hidden = 0
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag == "br":
            self.found.append("\n")
        elif tag == "li":
            self.found.append("\n- ")
        elif tag in ("td", "th"):
            self.found.append(" ")
        elif tag == "img":
            self.found.append(given.get("alt", ""))
        elif tag in _BLOCKS:
            self.found.append("\n\n")
        elif tag == "a":
            self.links.append((given.get("href", ""), len(self.found)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in _BLOCKS:
            self.found.append("\n\n")
        elif tag == "a" and self.links:
            href, start = self.links.pop()
            words = "".join(self.found[start:]).strip()
            if href and words not in {href, href.removeprefix("mailto:")}:
                self.found.append(f" <{href}>")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(re.sub(r"\s+", " ", data))
