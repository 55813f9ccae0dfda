"""Who gets a campaign, who does not, and how they leave."""

from __future__ import annotations

import re

import pytest

from proofs.campaigns.campaigning import (
    choose,
    crew,
    html_of,
    join,
    leave,
    path_in,
    received,
    refuse_all,
    sent,
    sign_up,
    who_got,
    written,
)
from proofs.company import Company, text_of
from support.reader import Page

REASONS = {
    "no": "Said no to this purpose",
    "never": "Asked for no solicitation of any kind",
    "elsewhere": "Gave their address for other purposes",
}


def counts(page: Page) -> dict[str, int]:
    """What the page of a draft says of who gets it and why not."""
    said = page.words.replace("\u202f", " ").replace(",", "")
    [gets] = re.findall(r"(\d+) of \d+ (?:person|people) gets? it", said)
    found = {"gets": int(gets)}
    for key, words in REASONS.items():
        match = re.search(rf"{words} (?:§ [\d.]+ )?(\d+)", said)
        found[key] = int(match[1]) if match else 0
    return found


@pytest.mark.clause("comantra-10")
def test_only_the_allowed_get_it_and_the_others_are_counted_by_reason(company: Company) -> None:
    draft = written(company, "offers", subject="Never sent")
    before = counts(draft.page("audience"))
    people = crew(5)
    join(company, *people[:4])
    company.send(
        company.reader(), "contact",
        name=people[4].name, email=people[4].email, message=people[4].message,
    )  # fmt: skip
    choose(company, people[1], off=["offers"])
    refuse_all(company, people[2])
    page = draft.page("audience")
    after = counts(page)
    assert {key: after[key] - before[key] for key in after} == {
        "gets": 2, "no": 1, "never": 1, "elsewhere": 1,
    }  # fmt: skip
    assert "§ 3.7" in page.words.replace("\u202f", " ")
    sent(company, "offers", people)
    assert who_got(company, people) == [True, False, False, True, False]
    draft.step("remove")


@pytest.mark.clause("comantra-41", "comindware-23")
def test_whoever_leaves_by_the_link_is_not_in_the_next_sending(company: Company) -> None:
    people = crew(2)
    if company.site.company == "comantra":  # its newsletter is for those with an account alone
        for seed in people:
            sign_up(company, seed, yes_newsletter="on")
    else:
        join(company, *people)
    waits = written(company, "newsletter", people, subject="Handed in before")
    sent(company, "newsletter", people)
    [letter] = received(company, people[0])
    link = path_in(text_of(letter), "/campaigns/unsubscribe/")
    assert company.reader().get(link).status == 200
    sent(company, "newsletter", people, subject="After looking")
    assert who_got(company, people, "After looking") == [True, True], "looking changes nothing"
    page = leave(company, letter)
    assert "You are off the list" in page.words
    waits.send()
    assert who_got(company, people, "Handed in before") == [False, True]


@pytest.mark.clause("comm100-47", "comintech-32")
def test_marketing_mail_has_a_way_out_that_works(company: Company) -> None:
    people = crew(2)
    join(company, *people)
    pasted = '<h1>Offer</h1><div style="display:none"><!-- <table><tr><td>Only today'
    forms = {"offers": (pasted, "html"), "newsletter": ("Only *today*.", "markdown")}
    for purpose, (body, kind) in forms.items():
        sent(company, purpose, people, subject=f"As {purpose}", body=body, format=kind)
    for purpose in forms:
        [letter] = received(company, people[0], f"As {purpose}")
        links = {path_in(part, "/campaigns/unsubscribe/") for part in (
            text_of(letter), html_of(letter), letter.message["List-Unsubscribe"],
        )}  # fmt: skip
        assert len(links) == 1, links
        assert _at_the_bottom(text_of(letter))
        assert _at_the_bottom(re.sub(r"<[^>]+>", " ", html_of(letter).partition("<body>")[2]))
        assert "hidden" not in html_of(letter).partition("</head>")[2]
        assert "display" not in html_of(letter).partition("</head>")[2]
    out = company.reader().post(links.pop(), [("List-Unsubscribe", "One-Click")])
    assert (out.status, out.headers.get_all("Set-Cookie")) == (200, None)
    leave(company, received(company, people[0], "As offers")[0])
    for purpose in forms:
        sent(company, purpose, people, subject=f"Again {purpose}")
        assert who_got(company, people, f"Again {purpose}") == [False, True]


def _at_the_bottom(text: str) -> bool:
    return "Unsubscribe" in text.strip()[-400:]
