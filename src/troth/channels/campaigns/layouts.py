"""An organisation's own HTML around its campaigns: checked, made safe, and filled.

It is the inside of a page with places: ``{{ content }}`` for the letter, ``{{ address }}`` for the
sender's postal address, ``{{ unsubscribe }}`` as the address of a link, and if wanted ``{{ choices
}}`` (another link) and ``{{ why }}``. One without the way out is refused, and so is one that loads
anything from elsewhere or holds script.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe

from troth.channels.campaigns import layout_sight
from troth.core.errors import Denied, Invalid
from troth.core.notices.versions import current
from troth.kit import links
from troth.policy import Rules

PLACE: Final = re.compile(r"\{\{\s*(content|address|unsubscribe|choices|why)\s*\}\}")
LONGEST: Final = 50_000
_SIGNS: Final = {
    "content": "\ue010",
    "address": "\ue011",
    "why": "\ue012",
    "unsubscribe": "troth:unsubscribe",
    "choices": "troth:choices",
}
_TAGS: Final = frozenset(
    "p br strong b em i u s ul ol li blockquote hr a h1 h2 h3 h4 h5 h6 table thead tbody tfoot tr "
    "th td img div span small sup sub center".split()
)
_PLACED: Final = frozenset(
    "align valign width height colspan rowspan bgcolor border cellpadding cellspacing style".split()
)
_ATTRIBUTES: Final = {
    **{tag: set(_PLACED) for tag in _TAGS},
    "a": {"href", "title", "style"},
    "img": {"src", "alt", *_PLACED},
}
_STYLES: Final = frozenset(
    "background-color border border-bottom border-collapse border-left border-radius border-right "
    "border-spacing border-top color font-family font-size font-style font-weight letter-spacing "
    "line-height margin margin-bottom margin-left margin-right margin-top max-width min-width "
    "padding padding-bottom padding-left padding-right padding-top text-align text-decoration "
    "text-transform vertical-align width".split()
)
_LOADING: Final = ("src", "srcset", "background", "poster", "data", "action", "xlink:href")
_RUNNING: Final = re.compile(r"\s*(javascript|vbscript|data)\s*:", re.IGNORECASE)
_FETCHING: Final = re.compile(r"url\s*\(|@import|image-set|expression\s*\(|\\", re.IGNORECASE)
# What leaves words there and nobody sees them.
_HIDING: Final = re.compile(
    r"font-size\s*:\s*[+-]?0*((\.\d*)?(px|pt)?|(\.[0-4]\d*)?[a-z%]*)\s*(!|;|$)|(?<![\w-])color\s*:\s*(transparent|rgba|hsla)",
    re.IGNORECASE,
)
# Private signs: those in a letter stand for its slots, and one can be written in several ways.
_MARKS: Final = re.compile("[\ue000-\ue00f]|%EE%80%8[0-9A-F]", re.IGNORECASE)


class LayoutDenied(Denied):
    """The template is one that no campaign may leave in."""


class LayoutInvalid(Invalid):
    """The template holds what is none of one."""


@dataclass
class _Seen(HTMLParser):
    """What a browser's parser would find: tags, what they load or run, and links with words."""

    tags: set[str] = field(default_factory=set)
    loads: list[str] = field(default_factory=list)
    runs: bool = False
    hides: bool = False
    words: dict[str, str] = field(default_factory=dict)
    """The words of links, by address."""
    _open: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.runs |= tag == "script"
        for name, value in attrs:
            text = value or ""
            self.runs |= name.startswith("on") or bool(_RUNNING.match(text))
            if name in _LOADING or (tag == "link" and name == "href"):
                self.loads.append(text.strip())
            if name == "style" and _FETCHING.search(text):
                self.loads.append(text)
            if name == "style" and _HIDING.search(text):
                self.hides = True
        if tag == "a":
            self._open = dict(attrs).get("href") or ""
            self.words.setdefault(self._open, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.words[self._open] += data.strip()


def check(text: str) -> None:
    """Raises `LayoutDenied` with the clause, or `LayoutInvalid`, if no campaign may wear this."""
    safe(text)


def safe(text: str) -> str:
    """The template made safe, with signs in its places. Raises as `check` does."""
    if len(text) > LONGEST:
        raise LayoutInvalid("The template is longer than 50,000 characters.", do="Shorten it.")
    text = re.sub("[\ue000-\ue0ff]", "", text)
    marked = PLACE.sub(lambda match: _SIGNS[match[1]], text)
    if "{{" in marked or "{%" in marked:
        raise LayoutInvalid(
            "Something between {{ and }} is no place of a template.",
            do="Places are {{ content }}, {{ address }}, {{ unsubscribe }}, {{ choices }}, "
            "{{ why }}; a person's name stands in the letter.",
        )
    _refuse(_seen(marked))
    made = nh3.clean(
        marked,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto", "tel", "troth"},
        filter_style_properties=set(_STYLES),
        link_rel="noopener noreferrer",
    )
    if _MARKS.search(made):
        raise LayoutInvalid(
            "The template holds a sign that stands for a value of its reader.",
            why="In an address it would tell who reads, wherever the link leads.",
            do="Take out what reads &#xE000; or %EE%80%80.",
        )
    seen = _seen(made)
    _refuse(seen)  # again: what one parser takes for a comment another takes for a picture
    _require(seen, made)
    return made


def filled(text: str, *, content: str, why: str, unsubscribe: str, choices: str) -> SafeString:
    """The template around a letter; `content` and `why` are safe HTML, the others addresses."""
    made = safe(text)
    if _SIGNS["why"] not in made:
        made += f"<p>{_SIGNS['why']}</p>"
    places = {
        "address": html.escape(" · ".join(_address())),
        "unsubscribe": unsubscribe,
        "choices": choices,
        "why": why,
        "content": content,
    }
    for place, filling in places.items():
        made = made.replace(_SIGNS[place], filling)
    return mark_safe(made)  # noqa: S308 - nh3 made it safe, and the letter before


def way_out(rules: Rules) -> str:
    """The clause that gives people a link to end mail; "" if the policy has none."""
    for kind in ("withdrawal", "objection"):
        for right in rules.policy.rights:
            if right.kind == kind and "link" in right.by:
                return right.clause
    return ""


def _address() -> tuple[str, ...]:
    company = current().policy.company
    return company.address[0].lines if company.address else (company.name, company.privacy_contact)


def _seen(text: str) -> _Seen:
    found = _Seen()
    found.feed(text)
    found.close()
    return found


def _refuse(seen: _Seen) -> None:
    clause = way_out(current().rules)
    if seen.runs:
        raise LayoutDenied(
            "The template holds script.",
            why="A letter is to be read, and runs nothing.",
            clause=clause,
            do="Take out <script>, attributes that begin with “on”, and javascript: addresses.",
        )
    own = links.absolute("/")
    if any(not address.startswith(own) for address in seen.loads) or "style" in seen.tags:
        raise LayoutDenied(
            "The template loads something from elsewhere.",
            why="Whoever keeps it would learn who opened the letter, and when.",
            clause=clause,
            do=f"Use pictures below {own} alone, and styles in style attributes without url().",
        )
    if others := sorted(seen.tags - _TAGS):
        raise LayoutInvalid(
            f"A template cannot hold <{others[0]}>.",
            why="It is the inside of a page: tables, text, links and pictures.",
            do="Take it out; of a whole page give what stands in <body>.",
        )


def _require(seen: _Seen, made: str) -> None:
    ways = (_SIGNS["unsubscribe"], _SIGNS["choices"])
    if any("troth:" in address and address not in ways for address in seen.words):
        raise LayoutInvalid(
            "A place stands inside another address.",
            why="A reader's own link would reach every server that the address leads to.",
            do='Write it alone, as in href="{{ unsubscribe }}".',
        )
    words = seen.words.get(_SIGNS["unsubscribe"], "")
    shown = any(c.isalnum() for c in words) and layout_sight.seen(made, ways[0])
    if not shown or seen.hides:
        raise LayoutDenied(
            "The template has no link to unsubscribe that can be seen.",
            why="Every campaign carries a way out, ours and a partner's alike.",
            clause=way_out(current().rules),
            do='Put <a href="{{ unsubscribe }}">Unsubscribe</a> where people see it, in a colour '
            "that stands out from its ground (both as #rrggbb), of 8 pixels or more.",
        )
    plain = re.sub("<[^>]*>", "", made)
    for place, what in (("content", "the letter"), ("address", "the sender's postal address")):
        if made.count(_SIGNS[place]) != 1 or _SIGNS[place] not in plain:
            raise LayoutInvalid(
                f"The template has no one place for {what}.",
                do=f"Write {{{{ {place} }}}} once, where {what} stands.",
            )
