"""Tags by themselves: what they escape, what they refuse to tick, where chips point."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from troth.core.errors import Denied
from troth.kit import refusals, shell
from troth.kit.clauses import place

EVIL = '"><script>alert(1)</script>'


def rendered(source: str, **context: object) -> str:
    return Template("{% load kit %}" + source).render(Context(context))


class Wish(forms.Form):
    news = forms.BooleanField(required=False, initial=True)
    parts = forms.MultipleChoiceField(
        required=False,
        initial=["a"],
        choices=[("a", "A"), ("b", "B")],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(required=False, initial=EVIL, help_text=EVIL, label=EVIL)


def test_a_box_is_never_ticked_beforehand() -> None:
    page = rendered("{% field form.news %}{% field form.parts %}", form=Wish())
    assert "checked" not in page
    shown = rendered("{% field form.news current=True %}", form=Wish())
    assert "checked" in shown
    sent = rendered("{% field form.news %}{% field form.parts %}", form=Wish({"news": "on"}))
    assert sent.count("checked") == 1


@pytest.mark.parametrize(
    "source",
    [
        "{% field form.note chip=evil hint=evil %}",
        "{% chip evil version=evil %}",
        "{% sealed evil %}{% value evil %}{% badge 'good' evil %}{% copy evil evil %}",
        "{% icon 'inbox' label=evil %}{% submit evil evil %}{% honeypot evil %}",
        "{% tabs links %}{% breadcrumbs links %}{% menu links %}",
        "{% callout 'info' evil %}{{ evil }}{% endcallout %}",
        "{% empty evil %}{{ evil }}{% endempty %}{% failed evil evil %}{{ evil }}{% endfailed %}",
        "{% dialog evil evil happens=evil affects=evil look_url=evil %}{{ evil }}{% enddialog %}",
        "{% table evil evil %}{{ evil }}{% endtable %}{% progress 1 2 evil %}",
        "{% loading evil evil %}",
        "{% timeline entries %}{% diff changes %}{% receipt pairs evil %}{% steps labels 1 %}",
        "{% toasts messages %}{{ evil|markdown }}{% purpose_picker purposes action=evil %}",
    ],
)
def test_every_piece_escapes_what_it_is_given(source: str) -> None:
    page = rendered(
        source,
        evil=EVIL,
        form=Wish(),
        links=[shell.Link(EVIL, EVIL)],
        entries=[{"text": EVIL, "clause": EVIL, "detail": EVIL, "url": EVIL}],
        changes=[{"kind": "added", "text": EVIL, "before": EVIL, "after": EVIL, "clause": EVIL}],
        pairs={EVIL: EVIL},
        labels=[EVIL],
        messages=[("bad", EVIL)],
        purposes=[SimpleNamespace(key=EVIL, label=EVIL, clause=EVIL)],
    )
    assert "<script" not in page
    assert '""' not in page.replace('value=""', "")


def test_a_chip_points_into_the_policy() -> None:
    clause = SimpleNamespace(number="7.1")
    assert place(clause) == ("7.1", "/policy#clause-7.1", "/policy/clause/7.1")
    assert place("§ 6.remote", policy_url="/p/", version="v 2") == (
        "6.remote",
        "/p?version=v+2#clause-6.remote",
        "/p/clause/6.remote?version=v+2",
    )
    assert "<a" not in rendered("{% chip '7.1' link=False %}")
    assert 'href="/x#clause-7.1"' in rendered("{% chip '7.1' %}", policy_url="/x")


def test_a_sealed_value_says_nothing_of_its_length() -> None:
    page = rendered("{% sealed 'e-mail address' %}")
    assert 'aria-label="sealed: e-mail address"' in page
    assert page.count("•") == 6


def test_sorting_and_paging_keep_the_filter() -> None:
    request = RequestFactory().get("/people", {"kind": "trial", "sort": "name", "page": "2"})
    context = {"request": request, "page": Paginator(range(90), 30).get_page(2)}
    header = rendered("{% sort_header 'name' 'Name' %}", **context)
    assert 'aria-sort="ascending"' in header
    assert 'href="?kind=trial&amp;sort=-name"' in header
    paging = rendered("{% paging page 'person' 'people' %}", **context)
    assert "31–60 of 90 people" in paging
    assert 'href="?kind=trial&amp;sort=name&amp;page=3"' in paging


def test_rail_and_links_take_tuples_mappings_and_objects() -> None:
    given = ("inbox", "Inbox", "inbox", "/inbox", True, 3)
    as_mapping = dict(zip(("key", "label", "icon", "url", "current", "count"), given, strict=True))
    one, two, three = shell.rail_items([given, as_mapping, shell.RailItem(*given)])
    assert one == two == three
    assert 'data-key="g i"' in rendered("{% rail items %}", items=[given])


@pytest.mark.parametrize("status", sorted(refusals.PAGES))
def test_an_error_page_needs_no_context_at_all(status: str) -> None:
    page = get_template(f"{status}.html").template.render(Context())  # type: ignore[attr-defined]
    assert refusals.standard(int(status)).title in page
    assert "What to do" in page


def test_a_refusal_of_the_core_becomes_a_page_or_a_part_of_one() -> None:
    error = Denied("It was not sent.", why="They opted out.", clause="4.2", do="Ask them first.")
    whole = refusals.respond(RequestFactory().get("/"), error)
    part = refusals.respond(RequestFactory().get("/", headers={"HX-Request": "true"}), error)
    for answer in (whole, part):
        assert answer.status_code == 403
        for words in ("It was not sent", "They opted out.", "#clause-4.2", "Ask them first."):
            assert words in answer.content.decode()
    assert b"<html" in whole.content
    assert b"<html" not in part.content


def test_a_mail_without_a_footer_has_none() -> None:
    assert "--" not in render_to_string("kit/mail.txt", {"body": "Hello", "footer": ""})
