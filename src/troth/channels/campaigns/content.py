"""What a campaign says: Markdown or HTML with slots, checked, and cut into fixed parts and slots.

A slot is written ``{{ name }}``, or ``{{ name | friend }}`` with words for whoever gave none.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import nh3
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from troth.channels.campaigns import layouts
from troth.channels.campaigns.purposes import Slot, slots
from troth.core.errors import Denied, Invalid
from troth.core.notices.versions import current
from troth.kit import links
from troth.kit.mail.plain import html_as_text
from troth.kit.mail.press import Fill, Parts
from troth.kit.mail.template import quote
from troth.kit.mail.text import as_text

SLOT: Final = re.compile(r"\{\{\s*([a-z][a-z0-9_.-]*)\s*(?:\|\s*([^{}|\n]{0,60}?)\s*)?\}\}")
MARK: Final = re.compile("\ue000([0-9]+)\ue001")
_OWN_SLOT: Final = re.compile(r"\{\{ (_[a-z]+) \}\}")
_IN_ADDRESS: Final = re.compile('(?:href|src)="[^"]*(?:\ue000|%EE%80%80)', re.IGNORECASE)
_TAGS: Final = frozenset(
    "p br strong b em i u s code pre ul ol li blockquote hr a h1 h2 h3 h4 h5 h6 table thead tbody "
    "tfoot tr th td img div span small sup sub center figure figcaption".split()
)
_PLACED: Final = frozenset("align valign width height colspan rowspan bgcolor border".split())
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "img": {"src", "alt", *_PLACED},
    **{tag: set(_PLACED) for tag in ("table", "tr", "td", "th", "div", "p")},
}
UNSUBSCRIBE, PREFERENCES = "_unsubscribe", "_preferences"
LONGEST: Final = 200_000  # characters; a longer letter is cut off by many mail programs


class ContentInvalid(Invalid):
    """What is written cannot be sent."""


class SlotDenied(Denied):
    """The purpose of the campaign may not use what a slot asks for."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A campaign ready to be written for each person."""

    subjects: Mapping[str, Parts]
    text: Parts
    html: Parts
    used: Mapping[str, Slot]
    """What it asks of a person besides the address, by key."""


def check(
    *, purpose: str, subjects: Sequence[str], body: str, markup: str, notice: bool = False
) -> None:
    """Raises `SlotDenied` with the clause, or `ContentInvalid`, if this cannot be sent."""
    made = letter(purpose=purpose, subjects=subjects, body=body, markup=markup, footer="")
    if notice and any("<img" in part for part in made.html if isinstance(part, str)):
        raise ContentInvalid(
            "A notice carries no picture.",
            why="A picture is fetched from a server, which learns who opened the mail and when.",
            do="Take it out; a link to a page is fine.",
        )


def letter(
    *,
    purpose: str,
    subjects: Sequence[str],
    body: str,
    markup: str,
    footer: str,
    layout: str = "",
) -> Letter:
    """Compile the words. `footer` is Markdown with slots of its own, written by the program;
    `layout` is the organisation's own HTML around it (`layouts`), which has the footer's links.
    """
    fills: list[Fill] = []
    known = slots(purpose)
    for subject in subjects:
        if any(not c.isprintable() for c in subject):
            raise ContentInvalid("A subject is one line of plain text.", do="Take out the breaks.")
    marked = [_marked(subject, known, fills, purpose) for subject in subjects]
    body = _marked(body, known, fills, purpose)
    if len(body) > LONGEST:
        raise ContentInvalid("The letter is longer than 200,000 characters.", do="Shorten it.")
    footer = _OWN_SLOT.sub(lambda match: _mark(Fill(match[1]), fills), footer)
    page = {"body": as_html(body, markup), "footer": as_html(footer, "markdown"), "subject": ""}
    if _IN_ADDRESS.search(page["body"]):
        raise ContentInvalid(
            "A slot stands inside an address.",
            why="What people are called would reach every server the link passes.",
            do="Put the slot into the words of the link, or leave it out.",
        )
    shown = (
        _laid_out(layout, page["body"], purpose, fills)
        if layout
        else render_to_string("kit/mail.html", page)
    )
    plain = as_text(body) if markup == "markdown" else html_as_text(page["body"])
    words = {"body": plain, "footer": as_text(footer)}
    return Letter(
        {name: _cut(text, fills) for name, text in zip("ab", marked, strict=False)},
        _cut(_linked(render_to_string("kit/mail.txt", words)).strip() + "\n", fills),
        _cut(_linked(shown), fills),
        {fill.key: known[fill.key] for fill in fills if fill.key in known},
    )


def _laid_out(layout: str, body: str, purpose: str, fills: list[Fill]) -> str:
    found = current().rules.purposes[purpose]
    why = f"You get this for “{html.escape(found.label)}”, § {found.clause} of our privacy policy."
    inside = layouts.filled(
        layout,
        content=body,
        why=why,
        unsubscribe=_mark(Fill(UNSUBSCRIBE), fills),
        choices=_mark(Fill(PREFERENCES), fills),
    )
    return render_to_string("campaigns/layout_page.html", {"body": inside, "subject": ""})


def footer(purpose: str, *, browser: str = "", notice: bool = False) -> str:
    """What stands under every letter, in Markdown: whom it is from, why, and the two links.

    `browser` is the address of its public page, if it has one: the same for everybody. Under a
    notice there is no way out, and instead the clause that says why.
    """
    published = current()
    read = f" · [Read it in the browser]({browser})" if browser else ""
    company, found = published.policy.company, published.rules.purposes[purpose]
    if notice:
        policy = links.absolute("/policy")
        return (
            f"{quote(company.name)} · {quote(company.privacy_contact)}\n\n"
            f"You get this for “{quote(found.label)}”, § {found.clause} of our "
            f"[privacy policy]({policy}). It is part of the service you use and carries no "
            "advertising, so it cannot be switched off as news can.\n"
        )
    return (
        f"{quote(company.name)} · {quote(company.privacy_contact)}\n\n"
        f"You get this for “{quote(found.label)}”, § {found.clause} of our privacy policy. "
        f"[Unsubscribe]({{{{ {UNSUBSCRIBE} }}}}) · [Your choices]({{{{ {PREFERENCES} }}}}){read}\n"
    )


def as_html(text: str, markup: str) -> SafeString:
    """Markdown or HTML as safe HTML for a mail; pictures may come from https addresses."""
    if markup == "markdown":
        text = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return mark_safe(  # noqa: S308 - nh3 made it safe
        nh3.clean(
            text,
            tags=set(_TAGS),
            attributes=_ATTRIBUTES,
            url_schemes={"https", "http", "mailto", "tel"},
            link_rel="noopener noreferrer",
        )
    )


def fill(parts: Parts, values: Mapping[str, str], *, escape: bool = False) -> str:
    """The text with `values` in its places; for previews. Missing values take the other words."""
    found = (
        part if isinstance(part, str) else values.get(part.key, "") or part.otherwise
        for part in parts
    )
    if not escape:
        return "".join(found)
    return "".join(
        text if isinstance(part, str) else html.escape(text)
        for part, text in zip(parts, found, strict=True)
    )


def _marked(text: str, known: Mapping[str, Slot], fills: list[Fill], purpose: str) -> str:
    def marked(match: re.Match[str]) -> str:
        key = match[1]
        if key not in known:
            raise _unknown(key, known, purpose)
        return _mark(Fill(key, match[2] or ""), fills)

    text = SLOT.sub(marked, text.replace("\ue000", "").replace("\ue001", ""))
    if "{{" in text or "{%" in text:
        raise ContentInvalid(
            "Something between {{ and }} is no slot.",
            do="Write slots as {{ name }}, or {{ name | friend }}.",
        )
    return text


def _mark(found: Fill, fills: list[Fill]) -> str:
    fills.append(found)
    return f"\ue000{len(fills) - 1}\ue001"


def _unknown(key: str, known: Mapping[str, Slot], purpose: str) -> SlotDenied:
    rules = current().rules
    element = rules.policy.elements.get(key)
    clause = getattr(rules.purposes.get(purpose), "clause", "")
    why = "The policy knows no such element."
    if element is not None:
        rule = rules.find("use", purpose, element.data)
        why, clause = rules.explain("use", purpose, element.data), rule.clause or clause
    there = ", ".join(sorted(known)) or "nothing but the address"
    return SlotDenied(
        f"{{{{ {key} }}}} may not stand in this campaign.",
        why=why,
        clause=clause,
        do=f"Take it out. This purpose may use: {there}.",
    )


def _linked(page: str) -> str:
    """The program's own slots in addresses, which the cleaning wrote with per cent signs."""
    return re.sub("%EE%80%80([0-9]+)%EE%80%81", "\ue000\\1\ue001", page, flags=re.IGNORECASE)


def _cut(text: str, fills: Sequence[Fill]) -> Parts:
    parts: list[str | Fill] = []
    numbered = {str(number): fill for number, fill in enumerate(fills)}
    for at, piece in enumerate(MARK.split(text)):
        if at % 2:
            if piece in numbered:  # HTML can spell a sign that nobody made
                parts.append(numbered[piece])
        elif piece:
            parts.append(piece)
    return tuple(parts)
