"""Templates and notices in the console: what is refused is said, and nothing typed is lost."""

from __future__ import annotations

import html
import re
from base64 import b64encode
from hashlib import sha256

import pytest
from django.db.models.signals import pre_save

from campaigns.pages.letters import SYSTEM, sent, written
from console.cast import Company, words
from troth.channels.campaigns import actions, layout_keeping as keeping, previewing
from troth.channels.campaigns.delivered import complained
from troth.channels.campaigns.layouts import safe
from troth.channels.campaigns.models import Campaign, Layout
from troth.channels.campaigns.queries import explain
from troth.core import clock
from troth.core.errors import Refusal
from troth.core.ledger.api import sequence
from troth.core.ledger.models import Entry

TEMPLATES = "/console/campaigns/templates"
STYLED = previewing.EXAMPLE.replace('<td align="center">', '<td style="padding: 3px">')

pytestmark = pytest.mark.xdist_group("campaigns-pages")


def shown(answer: object) -> str:
    found = re.search(r'srcdoc="([^"]*)"', answer.content.decode())  # type: ignore[attr-defined]
    assert found
    return html.unescape(found[1])


def test_a_template_is_looked_at_kept_changed_and_thrown_away(comm100: Company) -> None:
    assert "No template yet" in comm100.marketing.reads(TEMPLATES)
    new = comm100.marketing.get(f"{TEMPLATES}/new")
    assert "Comm100 Privacy · Suite 100" in shown(new)
    given = {"name": "House", "html": STYLED}
    looked = comm100.marketing.post(f"{TEMPLATES}/new", **given, do="look")
    assert "padding:3px" in shown(looked)
    digest = b64encode(sha256(b"padding:3px").digest()).decode()
    assert f"'sha256-{digest}'" in looked["Content-Security-Policy"]
    assert "unsafe-inline" not in looked["Content-Security-Policy"]
    assert not Layout.objects.exists()
    saved = comm100.marketing.post(f"{TEMPLATES}/new", **given, do="save")
    kept = Layout.objects.get()
    assert saved["Location"] == f"{TEMPLATES}/{kept.ref}"
    again = comm100.marketing.post(f"{TEMPLATES}/new", **given, do="save")
    assert "There is a template of this name" in words(again)
    draft = written(layout=kept.ref)
    page = comm100.marketing.get(f"/console/campaigns/{draft.ref}")
    assert "padding:3px" in shown(page)
    assert f"'sha256-{digest}'" in page["Content-Security-Policy"]
    writing = comm100.marketing.get("/console/campaigns/new")
    assert f"'sha256-{digest}'" in writing["Content-Security-Policy"], "it may be chosen there"
    comm100.marketing.post(f"{TEMPLATES}/{kept.ref}", do="remove")
    draft.refresh_from_db()
    assert draft.layout is None
    sequence()
    acts = Entry.objects.filter(act__startswith="campaigns.layout").values_list("act", flat=True)
    assert sorted(acts) == ["campaigns.layout_kept", "campaigns.layout_removed"]
    assert comm100.agent.get(TEMPLATES).status_code == 403


def test_what_a_template_cannot_hold_is_named_beside_what_was_typed(comm100: Company) -> None:
    for wrong, said in (
        (previewing.EXAMPLE.replace("{{ address }}", ""), "no one place for the sender's postal"),
        (previewing.EXAMPLE + "<form></form>", "cannot hold <form>"),
        (previewing.EXAMPLE + "{{ name }}", "is no place of a template"),
    ):
        answer = comm100.marketing.post(f"{TEMPLATES}/new", name="No", html=wrong, do="save")
        assert answer.status_code == 422
        assert said in html.unescape(words(answer))
        assert html.escape(wrong.strip()[:40]) in answer.content.decode()


def test_nothing_that_only_styles_can_do_hides_the_way_out(comm100: Company) -> None:
    del comm100
    hidden = '<a style="display:none;position:absolute;opacity:0" href="{{ unsubscribe }}">'
    made = safe(previewing.EXAMPLE.replace('<a href="{{ unsubscribe }}">', hidden))
    assert not re.search("display|position|opacity", made)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('<!-- --!><img src="https://else.example/p.png"> -->', "loads something from elsewhere"),
        ('<a href="https://else.example/%EE%80%800%EE%80%81">x</a>', "a value of its reader"),
        ('<a href="https://else.example/&#xE000;0&#xE001;">x</a>', "a value of its reader"),
        ('<a href="https://else.example/?{{ unsubscribe }}">x</a>', "inside another address"),
        ('<p style="font-size: 0 !important">x</p>', "that can be seen"),
    ],
)
def test_what_is_spelt_to_slip_through_is_refused(comm100: Company, wrong: str, said: str) -> None:
    del comm100
    with pytest.raises(Refusal) as refused:
        safe(previewing.EXAMPLE + wrong)
    assert said in str(refused.value)


def test_a_link_out_of_signs_that_nobody_sees_is_none(comm100: Company) -> None:
    del comm100
    with pytest.raises(Refusal, match="that can be seen"):
        safe(previewing.EXAMPLE.replace(">Unsubscribe<", ">&#8203;<"))


@pytest.mark.parametrize(
    "style",
    [
        "color: #ffffff",
        "color: white",
        "color: hsl(0, 0%, 99%)",
        "background-color: #0000ee",
        "font-size: 1px",
        "font-size: calc(1px - 1px)",
        "margin-left: -9999px",
        "letter-spacing: -3em",
    ],
)
def test_a_way_out_in_the_colour_of_its_ground_is_none(comm100: Company, style: str) -> None:
    del comm100
    link = '<a href="{{ unsubscribe }}">Unsubscribe</a>'
    inherits = link.replace("<a ", '<a style="color: inherit" ')
    for hidden in (
        link.replace("<a ", f'<a style="{style}" '),
        f'<div style="background-color: #ffffff; {style}">{inherits}</div>',
        f'<a href="{{{{ unsubscribe }}}}"><span style="{style}">Unsubscribe</span></a>',
    ):
        with pytest.raises(Refusal, match="that can be seen"):
            safe(previewing.EXAMPLE.replace(link, hidden))
    for plain in ("color: #6f6f6f", "color: rgb(0, 90, 60)", "font-size: 0.8em; color: navy"):
        safe(previewing.EXAMPLE.replace("<a href", f'<a style="{plain}" href'))
    dark = previewing.EXAMPLE.replace("#ffffff", "#101820").replace("#444444", "#dddddd")
    with pytest.raises(Refusal, match="that can be seen"):
        safe(dark)
    safe(dark.replace("<a href", '<a style="color: #ffffff" href'))


def test_two_templates_of_one_name_at_once_are_told(comm100: Company) -> None:
    rival = {"name": "House", "html": STYLED, "changed_at": clock.now()}

    def quicker(sender: object, **_: object) -> None:
        pre_save.disconnect(quicker, sender=Layout)
        Layout.objects.create(**rival)

    pre_save.connect(quicker, sender=Layout)
    answer = comm100.marketing.post(f"{TEMPLATES}/new", name="House", html=STYLED, do="save")
    assert answer.status_code == 422
    assert "There is a template of this name" in words(answer)
    assert not Layout.objects.exists(), "the other one was never committed here"


def test_the_header_of_a_page_has_an_end_however_many_templates_there_are(
    comm100: Company,
) -> None:
    rows = "".join(f'<p style="padding: {n}px">row</p>' for n in range(40))
    for number in range(6):
        html_of = previewing.EXAMPLE + rows.replace("padding", f"padding-top: {number}px; padding")
        keeping.keep(actor=SYSTEM, name=f"House {number}", html=html_of)
    page = comm100.marketing.get("/console/campaigns/new")
    assert len(page["Content-Security-Policy"]) < 4096
    newest = Layout.objects.get(name="House 5")
    looked = comm100.marketing.get(f"{TEMPLATES}/{newest.ref}")
    assert len(looked["Content-Security-Policy"]) < 4096
    digest = b64encode(sha256(b"padding-top:5px;padding:39px").digest()).decode()
    assert f"'sha256-{digest}'" in looked["Content-Security-Policy"], "all of the one on the page"


def test_a_sign_spelt_out_in_a_letter_stands_for_nothing(comm100: Company) -> None:
    draft = written(format="html", body="<p>One &#xE000;99&#xE001; two</p>")
    page = comm100.marketing.get(f"/console/campaigns/{draft.ref}")
    assert page.status_code == 200
    assert "One  two" in shown(page)


def test_a_look_at_a_letter_for_no_purpose_there_is_shows_none(comm100: Company) -> None:
    given = {"purpose": "nonsense", "subject": "x", "body": "y"}
    looked = comm100.marketing.post("/console/campaigns/preview", **given)
    assert looked.status_code == 200
    assert "srcdoc" not in looked.content.decode()


def test_a_template_stays_as_it_was_read_until_the_campaign_has_left(comm100: Company) -> None:
    kept = keeping.keep(actor=SYSTEM, name="House", html=STYLED)
    waiting = written(layout=kept.ref)
    actions.submit(waiting, actor=SYSTEM)
    changed = comm100.marketing.post(
        f"{TEMPLATES}/{kept.ref}", name="House", html=previewing.EXAMPLE, do="save"
    )
    assert "was handed in wears this template" in words(changed)
    assert comm100.marketing.post(f"{TEMPLATES}/{kept.ref}", do="remove").status_code == 403
    kept.refresh_from_db()
    assert kept.html == STYLED


def test_who_called_news_unwanted_still_gets_a_notice(comm100: Company) -> None:
    for copy in sent().copies.all()[:1]:
        complained(copy)
    news, notice = written(), _notice()
    before = explain(notice)
    assert explain(news).gets == 2
    assert before.gets >= 3
    assert "may have" not in comm100.owner.reads(f"/console/campaigns/{notice.ref}/audience")
    page = comm100.owner.reads(f"/console/campaigns/{notice.ref}")
    assert "It goes also to whoever refused news" in page
    assert "In the archive" not in page


def test_a_reader_of_a_notice_can_complain_and_answer_and_nothing_breaks(comm100: Company) -> None:
    del comm100
    found = sent(kind="notice", purpose="service-notices", body="Down.", subject="Outage")
    copy = found.copies.first()
    assert copy is not None
    complained(copy)
    copy.refresh_from_db()
    assert copy.state == "complained"


def test_a_copy_of_a_notice_is_a_notice(comm100: Company) -> None:
    notice = _notice()
    comm100.owner.post(f"/console/campaigns/{notice.ref}/step", step="duplicate")
    assert [one.kind for one in Campaign.objects.all()] == ["notice", "notice"]
    page = comm100.owner.reads(f"/console/campaigns/{notice.ref}/edit")
    assert "Change the notice" in page
    assert "Try two subjects" not in page


def _notice() -> Campaign:
    return written(kind="notice", purpose="service-notices", body="Down.", subject="Outage")


def test_a_template_goes_with_no_notice(comm100: Company) -> None:
    kept = keeping.keep(actor=SYSTEM, name="House", html=STYLED)
    page = comm100.owner.get("/console/campaigns/notices/new").content.decode()
    assert kept.ref not in page
