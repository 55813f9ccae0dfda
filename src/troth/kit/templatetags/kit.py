"""`{% load kit %}`: every page piece as a tag. The style guide shows each in each state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.forms.forms import BaseForm
from django.template import Context, Library
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django_htmx.jinja import htmx_script

from troth.kit import clauses, fields, refusals, shell, tables, words

register = Library()

SIGNS = {
    "good": "good",
    "caution": "caution",
    "warning": "caution",
    "bad": "bad",
    "refusal": "refusal",
    "info": "info",
    "neutral": "neutral",
    "sealed": "sealed",
}
DIRECTED = {"back", "forward", "chevron", "send", "leave", "external", "undo"}
_MESSAGE_STATES = {"success": "good", "warning": "caution", "error": "bad"}

for _name in ("day", "moment", "left", "ago", "duration", "number", "listing", "markdown"):
    register.filter(_name, getattr(words, _name))


@register.filter
def plural(count: int, forms: str) -> str:
    """`{{ n|plural:"person,people" }}` with the number before it."""
    one, _, many = forms.partition(",")
    return words.plural(count, one, many)


# --- The page ---


@register.simple_tag(takes_context=True)
def nonce(context: Context) -> str:
    """The nonce attribute for a script or stylesheet, if the page has one."""
    value = getattr(context.get("request"), "csp_nonce", None)
    return format_html(' nonce="{}"', value) if value is not None else ""


@register.simple_tag(takes_context=True)
def styles(context: Context, *names: str) -> SafeString:
    """Links to stylesheets of the kit by name, in order."""
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', [(static(f"kit/css/{n}.css"),) for n in names]
    )


@register.simple_tag(takes_context=True)
def scripts(context: Context, *names: str) -> SafeString:
    """htmx, then modules of the kit by name. Pages work without any of them."""
    value = getattr(context.get("request"), "csp_nonce", None)
    value = None if value is None else str(value)
    mark = format_html(' nonce="{}"', value) if value else ""
    modules = format_html_join(
        "\n",
        '<script type="module" src="{}"{}></script>',
        [(static(f"kit/js/{name}.js"), mark) for name in names],
    )
    return mark_safe(f"{htmx_script(nonce=value)}\n{modules}")  # noqa: S308 - both are escaped


@register.simple_tag(takes_context=True)
def theme_script(context: Context) -> str:
    """A blocking script: the remembered theme is there before the first paint."""
    return format_html('<script src="{}"{}></script>', static("kit/js/theme.js"), nonce(context))


@register.simple_tag(takes_context=True)
def accent_link(context: Context) -> str:
    """The stylesheet of the organisation's accent, if `site.accent` is set."""
    site = context.get("site")
    accent = site.get("accent") if isinstance(site, Mapping) else getattr(site, "accent", "")
    if not accent:
        return ""
    return format_html('<link rel="stylesheet" href="{}">', reverse("kit:accent", args=[accent]))


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A symbol of the sprite: decoration, unless `label` gives it a name of its own."""
    css = " ".join(filter(None, ["icon", "icon-directed" if name in DIRECTED else "", css]))
    named = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html('<svg class="{}" {}><use href="#i-{}"/></svg>', css, named, name)


@register.simple_tag(takes_context=True)
def chip(context: Context, clause: Any, version: Any = "", *, link: bool = True) -> SafeString:
    """The clause chip. `link=False` where a link may not stand, such as inside a button."""
    version = str(version or "")
    place = clauses.place(clause, policy_url=str(context.get("policy_url") or ""), version=version)
    inside = format_html(
        '<span class="chip-sign">§</span><span class="chip-number">\u202f{}</span>{}',
        place.number,
        format_html('<span class="chip-version">{}</span>', version) if version else "",
    )
    if not link:
        return format_html('<span class="chip">{}</span>', inside)
    return format_html(
        '<a class="chip" href="{}" data-card="{}" aria-label="§ {}{}: read this clause">{}</a>',
        place.href,
        place.card,
        place.number,
        f", version {version}" if version else "",
        inside,
    )


@register.simple_tag
def clause_number(clause: Any) -> str:
    return clauses.place(clause).number


@register.simple_tag(takes_context=True)
def clause_url(context: Context, clause: Any, version: str = "") -> str:
    policy_url = str(context.get("policy_url") or "")
    return clauses.place(clause, policy_url=policy_url, version=str(version)).href


@register.simple_tag
def when(value: date) -> str:
    """A moment with its time, a bare date without."""
    return words.moment(value) if isinstance(value, datetime) else words.day(value)


@register.inclusion_tag("kit/pieces/rail.html")
def rail(items: Iterable[Any]) -> dict[str, Any]:
    return {"items": shell.rail_items(items)}


@register.inclusion_tag("kit/pieces/menu.html")
def menu(items: Iterable[Any], label: str = "Site") -> dict[str, Any]:
    return {"items": shell.links(items), "label": label}


@register.inclusion_tag("kit/pieces/tabs.html")
def tabs(items: Iterable[Any], label: str = "Parts of this page") -> dict[str, Any]:
    return {"items": shell.links(items), "label": label}


@register.inclusion_tag("kit/pieces/crumbs.html")
def breadcrumbs(items: Iterable[Any]) -> dict[str, Any]:
    return {"items": shell.links(items)}


# --- Forms ---


@register.inclusion_tag("kit/pieces/field.html", takes_context=True)
def field(
    context: Context,
    bound: BoundField,
    chip: Any = "",
    hint: str = "",
    *,
    current: bool = False,
    short: bool = False,
    hidden_label: bool = False,
) -> dict[str, Any]:
    """One field: label, required or optional in words, clause chip, hint, error, control.

    A checkbox of an unbound form is shown unticked whatever its initial value, unless
    `current=True` says that it shows a choice the person has already made.
    """
    found = fields.view(
        bound, chip=chip, hint=hint, current=current, short=short, hidden_label=hidden_label
    )
    return {"field": found, "policy_url": context.get("policy_url")}


@register.inclusion_tag("kit/pieces/error_summary.html")
def error_summary(form: BaseForm, *, focus: bool = True) -> dict[str, Any]:
    """All errors of a form at the top, each a link to its field. Nothing if there are none.

    It takes the focus when the page has loaded, for it is what the person has to read first.
    """
    items = [(bound, message) for bound in form for message in bound.errors]
    return {"items": items, "general": form.non_field_errors(), "focus": focus}


@register.inclusion_tag("kit/pieces/submit.html")
def submit(
    label: str = "Send", busy: str = "", *, kind: str = "primary", name: str = "", value: str = ""
) -> dict[str, Any]:
    """A submit button; `busy` replaces its words while the form is on its way."""
    return {"label": label, "busy": busy, "kind": kind, "name": name, "value": value}


@register.inclusion_tag("kit/pieces/honeypot.html")
def honeypot(name: str = "website_url") -> dict[str, Any]:
    """A field people never see; what fills it in is a machine."""
    return {"name": name}


# --- Values ---


@register.simple_tag
def sealed(label: str) -> SafeString:
    """A value nobody may see yet. The dots say nothing of its length."""
    return format_html(
        '<span class="sealed" role="img" aria-label="sealed: {}">{}'
        '<span class="sealed-dots" aria-hidden="true">••••••</span></span>',
        label,
        icon("sealed"),
    )


@register.simple_tag(name="value")
def shown_value(text: Any) -> SafeString:
    """A value that an open purpose shows."""
    return format_html('<bdi class="value">{}</bdi>', text)


@register.inclusion_tag("kit/pieces/purpose.html", takes_context=True)
def purpose_picker(
    context: Context, purposes: Iterable[Any], current: Any = None, action: str = ""
) -> dict[str, Any]:
    """Pick why values are read. Purposes have `.key`, `.label` and `.clause`.

    Posts `purpose=<key>` to `action`; an empty key closes the purpose again.
    """
    return {
        "purposes": list(purposes or ()),
        "current": current,
        "action": action,
        "policy_url": context.get("policy_url"),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def badge(state: str, label: Any, sign: str = "") -> SafeString:
    """A state: good, caution, bad, info, neutral or sealed, always a sign and a word."""
    return format_html(
        '<span class="badge {}">{}{}</span>', state, icon(sign or SIGNS[state]), label
    )


@register.inclusion_tag("kit/pieces/messages.html")
def toasts(messages: Iterable[Any] | None) -> dict[str, Any]:
    """Django's messages, or (state, text) pairs, as toasts."""
    found = []
    for message in messages or ():
        if isinstance(message, (tuple, list)):
            found.append((message[0], SIGNS[message[0]], message[1]))
        else:
            state = _MESSAGE_STATES.get(message.level_tag, "info")
            found.append((state, SIGNS[state], message))
    return {"items": found}


# --- Tables ---


@register.inclusion_tag("kit/pieces/sort_header.html", takes_context=True)
def sort_header(context: Context, key: str, label: str, *, numeric: bool = False) -> dict[str, Any]:
    """A column's `<th>` that sorts by link: `?sort=key`, again for `?sort=-key`."""
    return {
        "label": label,
        "numeric": numeric,
        **tables.sorting(context.get("request"), key),
    }


@register.inclusion_tag("kit/pieces/paging.html", takes_context=True)
def paging(context: Context, page: Page[Any], one: str = "row", many: str = "") -> dict[str, Any]:
    """Where we are in a long list, with links that keep filter and order."""
    return {
        "page": page,
        "count": words.plural(page.paginator.count, one, many),
        **tables.page_links(context.get("request"), page),
    }


@register.simple_block_tag
def table(content: str, caption: str = "", css: str = "table-cards") -> SafeString:
    """A table in its box. Give each `<td>` a data-label: on a phone rows become cards.

    `css=""` keeps the grid on a phone, scrolling sideways.
    """
    head = format_html("<caption>{}</caption>", caption) if caption else ""
    return format_html(
        '<div class="table-box" role="region" tabindex="0" aria-label="{}">'
        '<table class="table {}">{}{}</table></div>',
        caption or "Table",
        css,
        head,
        mark_safe(content),  # noqa: S308 - a rendered template
    )


# --- Blocks ---


@register.simple_block_tag
def callout(content: str, kind: str = "info", title: str = "") -> SafeString:
    """A remark beside the text: info, good, warning or refusal."""
    return _block("callout", content, kind=kind, title=title, sign=SIGNS[kind])


@register.simple_block_tag
def empty(content: str, title: str, icon: str = "inbox") -> SafeString:
    """Nothing here yet, and what to do first. Put links in `<div class="actions">`."""
    return _block("empty", content, title=title, icon=icon)


@register.simple_block_tag
def failed(content: str, title: str, retry_url: str = "") -> SafeString:
    """A part that could not be shown, and what to do."""
    return _block("failed", content, title=title, retry_url=retry_url)


@register.simple_block_tag
def dialog(
    content: str,
    key: str,
    title: str,
    *,
    happens: str = "",
    affects: str = "",
    look_url: str = "",
) -> SafeString:
    """Asks before an act: what will happen, to how many, and where to look first.

    Opened by any link or button with `data-dialog="<key>"`; without JavaScript that link leads
    to a page that asks the same.
    """
    return _block(
        "dialog", content, key=key, title=title, happens=happens, affects=affects, look_url=look_url
    )


def _block(name: str, content: str, **rest: Any) -> SafeString:
    body = mark_safe(content)  # noqa: S308 - a rendered template
    return render_to_string(f"kit/pieces/{name}.html", {"content": body, **rest})


@register.inclusion_tag("kit/pieces/loading.html")
def loading(label: str = "Loading…", key: str = "") -> dict[str, Any]:
    """Shown while htmx waits, after 300 ms. Point hx-indicator at `#<key>`."""
    return {"label": label, "key": key}


@register.inclusion_tag("kit/pieces/timeline.html", takes_context=True)
def timeline(context: Context, entries: Iterable[Any]) -> dict[str, Any]:
    """What happened: entries have `when`, `text`; may have `clause`, `icon`, `detail`, `url`."""
    return {"entries": entries, "policy_url": context.get("policy_url")}


@register.inclusion_tag("kit/pieces/steps.html")
def steps(labels: Iterable[str], current: int) -> dict[str, Any]:
    """A way with `current` (from 1) as the step one is on."""
    states = [
        (label, "done" if n < current else "current" if n == current else "ahead")
        for n, label in enumerate(labels, 1)
    ]
    return {"steps": states, "current": current}


@register.inclusion_tag("kit/pieces/progress.html")
def progress(done: float, total: float, label: str) -> dict[str, Any]:
    return {"done": done, "total": total, "label": label}


@register.inclusion_tag("kit/pieces/copy.html")
def copy(text: str, label: str = "Copy") -> dict[str, Any]:
    return {"text": text, "label": label}


@register.inclusion_tag("kit/pieces/receipt.html")
def receipt(items: Any, title: str = "") -> dict[str, Any]:
    """Pairs of name and value in fixed width: what a person keeps."""
    return {"items": items.items() if hasattr(items, "items") else items, "title": title}


@register.inclusion_tag("kit/pieces/diff.html", takes_context=True)
def diff(context: Context, changes: Iterable[Any]) -> dict[str, Any]:
    """Changes have `kind` (added, removed, changed), `text`; may have `before`, `after`, `clause`,
    `material`."""
    return {"changes": changes, "policy_url": context.get("policy_url")}


@register.inclusion_tag("kit/pieces/chart.html", takes_context=True)
def chart(context: Context, drawing: Any) -> dict[str, Any]:
    """A chart of `troth.kit.charts` with its table beside it."""
    return {"chart": drawing, "policy_url": context.get("policy_url")}


@register.inclusion_tag("kit/pieces/refusal.html", takes_context=True)
def refusal(context: Context, what: Any) -> dict[str, Any]:
    """A refusal, or a status code for which the kit has words of its own."""
    found = refusals.standard(what) if isinstance(what, int) else what
    return {"refusal": found, "policy_url": context.get("policy_url")}
