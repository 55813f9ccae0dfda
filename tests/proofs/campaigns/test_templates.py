"""Templates of an organisation's own: none without the way out, for its mail or a partner's."""

from __future__ import annotations

import pytest

from proofs.campaigns.campaigning import (
    CAMPAIGNS,
    crew,
    html_of,
    join,
    leave,
    path_in,
    received,
    sent,
    sign_up,
    who_got,
)
from proofs.company import Company, submit, text_of
from support.pages import form
from support.reader import Page
from support.seeded import Seed

OUT = '<a href="{{ unsubscribe }}">End these letters</a>'
GOOD = (
    '<table width="600" bgcolor="#ffffff"><tr><td style="color: #223344">{{ content }}</td></tr>'
    f"<tr><td><p>{{{{ address }}}}</p><p>{OUT}</p></td></tr></table>"
)
BAD = {
    "no link": GOOD.replace(OUT, "Goodbye"),
    "a link in a comment": GOOD.replace(OUT, f"<!-- {OUT} -->"),
    "a link without words": GOOD.replace("End these letters", ""),
    "a link too small": GOOD.replace("<a href", '<a style="font-size: 0" href'),
    "another link": GOOD.replace("{{ unsubscribe }}", "https://partner.example/out"),
}
ELSEWHERE = {
    "a picture": GOOD + '<img src="https://partner.example/p.png" alt="">',
    "a background": GOOD.replace("color: #223344", "background-color: url(//partner.example/p)"),
    "a style sheet": GOOD + '<link rel="stylesheet" href="https://partner.example/s.css">',
}
RUNNING = {
    "script": GOOD + "<script>send()</script>",
    "a handler": GOOD.replace("<table", '<table onmouseover="send()"'),
    "an address": GOOD + '<a href="javascript:send()">More</a>',
}


def tried(company: Company, html: str, name: str) -> Page:
    owner = company.staff("Owner")
    page = owner.get(f"{CAMPAIGNS}/templates/new")
    return submit(owner, page, "html", name=name, html=html, do="save")


@pytest.mark.clause("comintech-11", "comintech-42")
def test_a_template_without_the_way_out_is_refused_for_a_partner_too(company: Company) -> None:
    owner = company.staff("Owner")
    for what, html in BAD.items():
        page = tried(company, html, what)
        assert page.status == 422, what
        assert "no link to unsubscribe that can be seen" in page.words, what
        assert "§ 7.1" in page.words.replace("\u202f", " "), what
    for what, html in (ELSEWHERE | RUNNING).items():
        page = tried(company, html, what)
        assert page.status == 422, what
        said = "holds script" if what in RUNNING else "loads something from elsewhere"
        assert said in page.words, f"{what}: {page.words}"
    listed = owner.get(f"{CAMPAIGNS}/templates").words
    assert not any(what in listed for what in BAD | ELSEWHERE | RUNNING)
    name = Seed.new().email
    saved = tried(company, GOOD, name)
    assert saved.status == 200, saved.words
    ref = saved.url.rpartition("/")[2]
    worse = submit(owner, saved, "html", html=BAD["no link"], do="save")
    assert worse.status == 422
    assert name in owner.get(f"{CAMPAIGNS}/templates").words

    people = crew(2)
    for one in people:
        sign_up(company, one, yes_newsletter="on", yes_offers="on")
    words = {
        "newsletter": "Our own news.",
        "offers": "Our partner [Maple](https://maple.example/deal) has a deal.",
    }
    for purpose, body in words.items():
        writing = form(owner.get(f"{CAMPAIGNS}/new"), "purpose")
        choices = {value for key, value in writing.fields + writing.boxes if key == "layout"}
        assert choices <= {"", ref}
        sent(company, purpose, people, subject=f"For {purpose}", body=body, layout=ref)
        [letter] = received(company, people[0], f"For {purpose}")
        shown = html_of(letter)
        assert "End these letters" in shown
        assert "color:#223344" in shown.replace(" ", "")
        assert "6 Example Plaza" in shown
        assert "script" not in shown
        out = {path_in(part, "/campaigns/unsubscribe/") for part in (
            text_of(letter), shown, letter.message["List-Unsubscribe"],
        )}  # fmt: skip
        assert len(out) == 1
        assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        leave(company, letter)
        sent(company, purpose, people, subject=f"After {purpose}", layout=ref)
        assert who_got(company, people, f"After {purpose}") == [False, True]


@pytest.mark.clause("comintech-11")
def test_every_campaign_has_the_way_out_also_where_its_words_are_a_whole_page(
    company: Company,
) -> None:
    people = crew(2)
    join(company, *people)
    page = "<html><body><p>All.</p></body></html><!-- <style>a{display:none}"
    sent(company, "newsletter", people, subject="Whole", body=page, format="html")
    [letter] = received(company, people[0], "Whole")
    assert path_in(html_of(letter), "/campaigns/unsubscribe/")
    assert "display:none" not in html_of(letter)
    one_click = company.reader().post(
        path_in(letter.message["List-Unsubscribe"], "/campaigns/unsubscribe/"),
        [("List-Unsubscribe", "One-Click")],
    )
    assert one_click.status == 200
    sent(company, "newsletter", people, subject="Later")
    assert who_got(company, people, "Later") == [False, True]
