"""HTML that strangers sent, as HTML that may be shown: nothing runs, nothing is fetched.

A picture from elsewhere would tell its server who reads the mail and when, so it becomes a link:
it is fetched by a click and by nothing else. A picture that is not to be seen, as counters are, is
left out. Pictures that came along are files of the mail.
"""

from __future__ import annotations

import html as entities
import re
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe

LONGEST: Final = 1_000_000  # characters of HTML that are looked at
_TAGS: Final = frozenset(
    "p br div span b strong i em u s sub sup small big code pre tt blockquote hr a img center font "
    "h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr th td del ins".split()
)
_GONE: Final = frozenset(
    "script style title head template svg math noscript object embed applet iframe frame form "
    "select textarea audio video canvas".split()
)
_ATTRIBUTES: Final = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "*": {"dir"},
}
_PICTURE: Final = re.compile(r'<img((?:\s+[a-z]+="[^"]*")*)\s*/?>')
_ATTRIBUTE: Final = re.compile(r'([a-z]+)="([^"]*)"')
_UNSEEN: Final = re.compile(r"[0-3](px)?")
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_CLOSES_ITSELF: Final = frozenset(
    "p li td th tr tbody thead tfoot dd dt br img hr meta link input col option wbr base".split()
)
_EDGE: Final = re.compile(r"(</?blockquote>)")
_QUOTED: Final = re.compile(r"<blockquote>.*</blockquote>", re.DOTALL)
_ORDERED: Final = re.compile(r"<(table|ul|ol|dl|h[1-6]|pre)\b|class=\"remote-picture\"")
_FOLDED: Final = '<details class="quoted"><summary>Quoted text</summary><blockquote>'
DEEPEST: Final = 300  # elements in one another; time grows with the square of it


def cleaned(source: str) -> str:
    """Safe HTML without pictures. Links open elsewhere and tell nobody where from."""
    if len(source) > LONGEST:
        source = source[:LONGEST].rpartition("<")[0]
    if too_deep(source):
        source = entities.escape(entities.unescape(re.sub(r"<[^<>]*>", " ", source)))
    found = nh3.clean(
        source.replace("\x00", ""),
        tags=set(_TAGS),
        clean_content_tags=set(_GONE),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
        url_relative="deny",
    )
    return _PICTURE.sub(_instead, found).strip()


def too_deep(source: str) -> bool:
    """Whether more elements stand open at once than any page has: a trap for parsers."""
    opened: dict[str, int] = {}
    depth = 0
    for match in _TAG.finditer(source):
        name = match[2].lower()
        if name in _CLOSES_ITSELF:
            continue
        if not match[1]:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
        if depth > DEEPEST:
            return True
    return False


def _instead(match: re.Match[str]) -> str:
    """What stands for a picture; `match` is of what nh3 wrote, so its quoting is known."""
    given = dict(_ATTRIBUTE.findall(match[1]))
    if any(_UNSEEN.fullmatch(given.get(side, "")) for side in ("width", "height")):
        return ""
    words = entities.escape(entities.unescape(given.get("alt", "")).strip()[:200]) or "picture"
    address = given.get("src", "")
    if not address.startswith(("http://", "https://")):
        return f"[{words}]"  # it came along, and is a file of the mail
    return (
        f'<a class="remote-picture" href="{address}" target="_blank" '
        f'rel="noopener noreferrer nofollow">[{words}]</a>'
    )


def says_more(safe: str) -> bool:
    """Whether cleaned HTML, but for what it quotes, has an order that plain text would lose."""
    own = _QUOTED.sub("", safe)
    return _ORDERED.search(own) is not None


def presented(safe: str) -> SafeString:
    """Cleaned HTML, cleaned again and with what it quotes folded away."""
    found = cleaned(safe)
    parts = _EDGE.split(found)
    depth, made = 0, []
    for part in parts:
        if part == "<blockquote>":
            depth += 1
            made.append(_FOLDED if depth == 1 else part)
        elif part == "</blockquote>" and depth:
            depth -= 1
            made.append(part if depth else part + "</details>")
        else:
            made.append(part)
    # nh3 made it, and nothing but two constants was added.
    return mark_safe("".join(made))  # noqa: S308
