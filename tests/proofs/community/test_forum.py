"""The forum: written by who took note of what holds there, read and found by all, moderated."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from proofs.asking import heard, until
from proofs.casework import Case
from proofs.community.forum import Author, board, found, hide, posts, tick
from proofs.company import Company, form, submit
from proofs.customers import Customer
from support.seeded import Seed, assert_nowhere

HIDDEN = "A moderator has hidden this post."


@pytest.mark.clause("comm100-05")
def test_people_post_and_answer_a_moderator_hides_and_the_search_finds(company: Company) -> None:
    asking, answering = Author.ready(company), Author.ready(company)
    word, other = f"heron{uuid4().hex[:8]}", f"otter{uuid4().hex[:8]}"
    thread = asking.begins(f"Where is the {word}?", f"I lost **one** at the {word} pond.")
    assert thread.status == 200
    answered = answering.answers(
        thread, f"It sits beside the {other}. Card 4111 1111 1111 1111, see [it](https://pond.example)",
        quotes=posts(thread)[0],
    )  # fmt: skip
    visitor = company.reader()
    page = visitor.get(thread.url.partition("#")[0])
    assert f"Where is the {word}?" in page.words
    assert f"It sits beside the {other}." in page.words
    assert asking.name in page.words
    assert answering.name in page.words
    assert "<strong>one</strong>" in page.text
    assert 'rel="ugc nofollow noopener noreferrer"' in page.text
    assert "4111" not in page.text
    assert not list(visitor.cookies), "reading sets no cookie"
    first, second = posts(page)
    assert "blockquote" in page.text
    # No word of it stands in clear in the database; the search finds it all the same, by all words.
    assert_nowhere([word, other, asking.name], company.site.home)
    assert f"beside the {other}" in found(company, f"beside {other.upper()}")
    assert "Nothing found" in found(company, f"nowhere {other}")

    # Without an account nobody posts; only moderators hide, on a ground, and say why.
    assert "/account/login/" in visitor.get(f"{board(company)}/new").url
    refused = hide(company, page, second, "It advertises.", "dislike")
    assert refused.status == 422
    assert f"beside the {other}" in visitor.get(page.url).words
    hide(company, page, second, "It advertises.", "spam-prevention")
    gone = visitor.get(page.url)
    assert f"beside the {other}" not in gone.words
    assert HIDDEN in gone.words
    assert "Nothing found" in found(company, other)
    permalink = visitor.get(f"/forum/p/{second}")
    assert permalink.status == 410
    assert "spam prevention" in permalink.words
    assert other not in permalink.words
    path = re.sub(r"^.*/forum/", "/console/forum/", gone.url)
    assert other in company.staff("Owner").get(path).words
    assert company.staff("Auditor").get(path).status == 403
    assert answered.status == 200

    # Its author takes it as it is; the other changes theirs, and takes it out for good.
    edit = asking.reader.get(f"/forum/p/{first}/edit")
    changed = submit(asking.reader, edit, "text", text=f"I found the {word} again.")
    assert "edited" in changed.words
    assert f"at the {word} pond" not in visitor.get(page.url).words
    assert answering.reader.get(f"/forum/p/{first}/edit").status == 403
    submit(asking.reader, asking.reader.get("/account/forum"), to=f"{first}/remove")
    assert word not in visitor.get(page.url).text
    assert "Nothing found" in found(company, word)


@pytest.mark.clause("comantra-44", "comintech-55", "comm100-31")
def test_the_warning_stands_before_the_first_post_and_is_taken_note_of(company: Company) -> None:
    path = f"{board(company)}/new"
    author = Author(company, Customer.with_account(company).reader)
    page = author.reader.get(path)
    assert "/forum/terms" in page.url
    warned = {
        "comantra": "and still more about your children",
        "comintech": "public squares",
        "comm100": "others can read, copy and use what you write here",
    }[company.site.company]
    assert warned in page.words
    # Neither who took note of nothing nor who went past the page posts anything.
    clauses = tick(page)
    some = submit(author.reader, page, "noted", name=author.name, noted=clauses[1:])
    assert some.status == 422
    token = form(some, "next").fields[0]
    early = author.reader.post(
        author.company.site.url + path, [token, ("title", "Past"), ("text", "the page")]
    )
    assert early.status == 403
    assert f"§ {clauses[0]}" in early.words
    before = company.rows("SELECT count(*) FROM community_post")
    author.takes_note()
    thread = author.begins("Hello", "Good day to all of you.")
    assert thread.status == 200
    assert company.rows("SELECT count(*) FROM community_post") == [(before[0][0] + 1,)]
    # It is noted with the version and the clauses, and stands on the person's own record.
    [(noted, version)] = company.rows(
        "SELECT clauses, version FROM community_acknowledgement ORDER BY at DESC LIMIT 1"
    )
    assert set(clauses) <= set(re.findall(r'"([^"]+)"', noted))
    assert version
    mine = until(
        lambda: (
            said
            if "took note of what holds in the forum"
            in (said := author.reader.get("/account/my-data/").words)
            else ""
        ),
        "the acknowledgement on the timeline",
    )
    assert mine
    # The page that everybody reads says that everybody does.
    public = company.reader().get(thread.url)
    assert "This page is public." in public.words
    assert warned in public.words


@pytest.mark.clause("comantra-45")
def test_who_speaks_for_the_company_is_badged_and_nobody_else(company: Company) -> None:
    notice = "hosts of a forum do not speak for Comantra"
    badge = "Speaks for Comantra"
    owner, agent = (
        Author(company, company.new_staff("Owner")),
        Author(company, company.new_staff("Agent")),
    )
    owner.takes_note()
    agent.takes_note()
    thread = owner.begins("From us", "This is what we say.", speaks="on")
    assert badge in thread.words
    assert (
        "speaks"
        not in form(agent.reader.get(thread.url.partition("#")[0] + "/reply"), "text").names()
    )
    hosted = agent.answers(thread, "And this is what I say myself.", speaks="on")
    assert hosted.status == 200
    page = company.reader().get(thread.url)
    assert page.words.count(badge) == 1
    assert "what I say myself" in page.words
    assert notice in page.words
    assert notice in company.reader().get(board(company)).words


@pytest.mark.clause("comintech-56")
def test_posters_warrant_their_rights_and_a_post_that_harms_is_taken_down(
    company: Company,
) -> None:
    seed = Seed.new()
    customer = Customer(company, company.reader(), seed)
    customer.register()
    customer.confirm()
    author = Author(company, customer.reader)
    page = author.reader.get("/forum/terms")
    assert "you assure us that you harm nobody's rights" in page.words
    [warranty] = [one for one in tick(page) if one == "11.2"]
    left = [one for one in tick(page) if one != warranty]
    refused = submit(author.reader, page, "noted", name=author.name, noted=left)
    assert refused.status == 422
    author.takes_note()
    acts = company.rows("SELECT clauses FROM community_acknowledgement ORDER BY at DESC LIMIT 1")
    assert warranty in acts[0][0]
    word = f"poem{uuid4().hex[:8]}"
    thread = author.begins("A poem", f"Not mine: {word}.")
    [post] = posts(thread)

    # Anybody asks for it to be taken down, without an account.
    visitor = company.reader()
    page = visitor.get(f"/forum/p/{post}/report")
    assert submit(visitor, page, "words", words="").status == 422
    done = submit(visitor, page, "words", ground="rights-of-others", words=f"The {word} is my own.")
    assert "It is reported" in done.words
    assert word in visitor.get(thread.url).words, "it stands until somebody decides"
    owner = company.staff("Owner")
    [path] = re.findall(r"/console/cases/[0-9a-f]{32}", owner.get("/console/forum/").text)[-1:]
    case = Case(company, path, owner)
    assert f"The {word} is my own." in case.page().words
    case.does("moderate", done="blocked", ground="rights-of-others", words="Hers.")
    assert word not in visitor.get(thread.url).text
    assert visitor.get(f"/forum/p/{post}").status == 410

    # The author is told why, and objects; it is looked at anew, and shown again.
    mail = heard(company, seed.email, "rights of others")
    assert "11.3" in mail
    link = company.link(seed.email, "/cases/answer/")
    submit(author.reader, author.reader.get(link), "words", words="She gave it to me.")
    case.does("moderate", done="kept", words="She did.")
    assert word in visitor.get(thread.url).words
