"""The policy as a page: every clause with its text, its effect and an anchor."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING

import nh3
from markdown_it import MarkdownIt

from troth.policy.effects import effect
from troth.policy.model import Clause, Policy, Section

if TYPE_CHECKING:
    from troth.policy.comparison import Comparison

_TAGS = {
    "a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_NO_EFFECT = "For information: the software has no part in this."


@cache
def _markdown() -> MarkdownIt:
    """CommonMark and tables, without HTML, headings (the page has its own) and images."""
    return (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .disable(["heading", "lheading", "image"])
    )


def text_html(text: str) -> str:
    """Markdown as safe HTML: no script, no style, no foreign resource."""
    return nh3.clean(
        _markdown().render(text),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto", "tel"},
    ).strip()


def render_html(policy: Policy, *, previous: Policy | None = None) -> str:
    """An HTML fragment: sections, and in them clauses with the id `clause-<number>`.

    With `previous`, each clause says what has changed in it since, and what is gone stands at
    the end. Classes only, no style attribute, no script: it fits a strict content policy.
    """
    changes = _changes(policy, previous)
    heading = policy.heading
    dates = f"Version {heading.version}, in effect since {_day(heading.effective)}"
    if heading.revised:
        dates += f", last updated {_day(heading.revised)}"
    parts = [
        f'<article class="policy" lang="{escape(policy.language)}">',
        f'<p class="policy-dates">{dates}</p>',
    ]
    if policy.intro:
        parts.append(f'<div class="policy-intro">{text_html(policy.intro)}</div>')
    for section, clauses in arranged(policy):
        anchor = f' id="section-{escape(section.number)}"' if section else ""
        parts.append(f'<section class="policy-section"{anchor}>')
        if section:
            number = f'<span class="policy-section-number">{escape(section.number)}</span>'
            parts.append(f"<h2>{number} {escape(section.title)}</h2>")
        parts += [
            _clause_html(policy, clause, changes.pop(clause.clause, [])) for clause in clauses
        ]
        parts.append("</section>")
    gone = [sentence for sentences in changes.values() for sentence in sentences]
    if gone:
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in gone)
        parts.append(f'<aside class="policy-gone"><h2>Also changed</h2><ul>{items}</ul></aside>')
    return "\n".join([*parts, "</article>", ""])


def _day(day: object) -> str:
    return f'<time datetime="{day}">{day}</time>'


def _changes(policy: Policy, previous: Policy | None) -> dict[str, list[str]]:
    if previous is None:
        return {}
    from troth.policy.comparison import compare  # noqa: PLC0415 - it has no need of this module

    found: Comparison = compare(previous, policy)
    changes: dict[str, list[str]] = {}
    for change in found.changes:
        changes.setdefault(change.clause, []).append(change.sentence)
    return changes


def arranged(policy: Policy) -> list[tuple[Section | None, list[Clause]]]:
    """Sections in document order with their clauses; clauses without one come last."""
    groups: dict[str, list[Clause]] = {section.number: [] for section in policy.sections}
    rest: list[Clause] = []
    for clause in policy.clauses:
        section = policy.section(clause.clause)
        (groups[section.number] if section else rest).append(clause)
    found: list[tuple[Section | None, list[Clause]]] = [
        (section, groups[section.number]) for section in policy.sections
    ]
    return [*found, (None, rest)] if rest else found


def effects(policy: Policy, clause: Clause) -> list[str]:
    """What the blocks of a clause do, one entry for each that does something."""
    return [sentence for block in clause.blocks if (sentence := effect(policy, block))]


def _clause_html(policy: Policy, clause: Clause, changes: list[str]) -> str:
    number = escape(clause.clause)
    state = " policy-changed" if changes else ""
    done = "".join(f"<li>{escape(sentence)}</li>" for sentence in effects(policy, clause))
    mark = (
        f'<ul class="policy-effect">{done}</ul>'
        if done
        else f'<p class="policy-no-effect">{_NO_EFFECT}</p>'
    )
    since = "".join(f"<li>{escape(sentence)}</li>" for sentence in changes)
    since = f'<ul class="policy-changes">{since}</ul>' if since else ""
    return (
        f'<div class="policy-clause policy-{clause.kind}{state}" id="clause-{number}">'
        f'<a class="policy-number" href="#clause-{number}">§ {number}</a>'
        f'<div class="policy-text">{text_html(clause.text)}</div>{mark}{since}</div>'
    )


def render_markdown(policy: Policy) -> str:
    """The page as Markdown, with an anchor for each clause."""
    heading = policy.heading
    dates = f"Version {heading.version}, in effect since {heading.effective}"
    dates += f", last updated {heading.revised}." if heading.revised else "."
    parts = [f"# {_inline(policy.title)}", dates]
    if policy.intro:
        parts.append(_text(policy.intro))
    for section, clauses in arranged(policy):
        if section:
            parts.append(f"## {section.number} {_inline(section.title)}")
        for clause in clauses:
            parts.append(f'<a id="clause-{clause.clause}"></a>**§ {clause.clause}**')
            parts.append(_text(clause.text))
            done = effects(policy, clause) or [_NO_EFFECT]
            parts.append("\n".join(f"- *{_inline(sentence)}*" for sentence in done))
    return "\n\n".join(parts) + "\n"


_TAG = re.compile(r"<(?!(?:https?://|mailto:)[^\s<>]*>)")
_HEADING = re.compile(r"^( {0,3})(#|=+\s*$|-+\s*$)", re.MULTILINE)


def _text(text: str) -> str:
    """Markdown without HTML and headings; a link in angle brackets stays one."""
    return _HEADING.sub(r"\1\\\2", _TAG.sub("&lt;", text)).strip()


def _inline(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)
