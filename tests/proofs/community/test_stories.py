"""Stories: published with the yes of whom they name to the very words, and off with a no."""

from __future__ import annotations

import re

import pytest

from proofs.asking import Asker
from proofs.community.public import NOTE, picture, send
from proofs.company import Company, submit
from support.reader import Page, Reader
from support.seeded import Seed, assert_nowhere


def written(company: Company, who: Asker, quote: str, *, path: str = "new", **more: str) -> Page:
    owner = company.staff("Owner")
    said = {"told_name": who.seed.name, "told_job_title": "Keeper of Keys", "told_quote": quote}
    page = owner.get(f"/console/stories/{path}")
    asked = {"address": who.seed.email} if path == "new" else {}
    return send(owner, page, "picture", file=("picture", picture()), **asked, **said, **more)


def last(company: Company) -> str:
    """The reference of the newest story."""
    [(ref,)] = company.rows("SELECT ref FROM community_story ORDER BY made_at DESC LIMIT 1")
    return str(ref)


def publish(company: Company, ref: str) -> Page:
    owner = company.staff("Owner")
    [token] = owner.get("/console/").inputs("csrfmiddlewaretoken")[:1]
    return owner.post(f"/console/stories/{ref}/publish", [("csrfmiddlewaretoken", token)])


def answer(who: Asker, reader: Reader, do: str) -> Page:
    """What the person does behind the link that was mailed to them."""
    link = who.company.link(who.seed.email, "/stories/answer/")
    return submit(reader, reader.get(link), "do", to="/stories/answer/", do=do)


@pytest.mark.clause("comm100-37")
def test_a_story_is_published_with_consent_to_its_very_words_alone(company: Company) -> None:
    ada, visitor = Asker.registered(company), company.reader()
    quote = Seed.new().message
    assert "is asked by mail now" in written(company, ada, quote).words
    ref = last(company)
    link = company.link(ada.seed.email, "/stories/answer/")
    refused = publish(company, ref)
    assert refused.status == 403
    assert "§ 7.11" in refused.words
    assert visitor.get(f"/stories/{ref}").status == 404
    # Until they agree nobody reads it but they: not the staff, nor whoever has the database.
    assert quote not in company.staff("Owner").get("/console/stories/").words
    assert_nowhere([quote, ada.seed.name], company.site.home)
    page = visitor.get(link)
    for shown in (quote, ada.seed.name, "Keeper of Keys"):
        assert shown in page.words
    [path] = re.findall(r'src="(/stories/answer/[^"]+/picture)"', page.text)
    assert NOTE.encode() not in visitor.get(path).content
    assert company.rows("SELECT agreed FROM community_story WHERE ref = ?", ref) == [(None,)]
    assert "You agreed to these very words" in answer(ada, visitor, "agree").words
    [(wording, text)] = company.rows(
        "SELECT c.wording, s.text FROM choices_choice c JOIN community_story s ON s.ref = ?"
        " WHERE c.purpose = 'testimonials' AND c.manner = 'to.readers' ORDER BY c.at DESC LIMIT 1",
        ref,
    )
    assert str(text).replace("-", "") in wording
    assert publish(company, ref).status == 200
    for page in (visitor.get(f"/stories/{ref}"), visitor.get("/stories/")):
        assert quote in page.words
        assert ada.seed.name in page.words
        assert page.headers["Cache-Control"].count("no-store")

    # Other words are off the site until they are agreed to as well.
    later = Seed.new().message
    written(company, ada, later, path=ref)
    assert quote not in visitor.get("/stories/").words
    assert publish(company, ref).status == 403
    assert later not in visitor.get("/stories/").words
    answer(ada, visitor, "agree")
    publish(company, ref)
    assert later in visitor.get("/stories/").words

    # A no among their choices takes it off at once, and so does one behind the link.
    page = ada.reader.get("/account/choices/")
    left = [one for one in page.ticked() if not one.startswith("testimonials")]
    assert len(left) < len(page.ticked())
    submit(ada.reader, page, "shown", on=left)
    for path in (f"/stories/{ref}", f"/stories/{ref}/picture"):
        assert visitor.get(path).status == 404
    assert later not in visitor.get("/stories/").words
    assert publish(company, ref).status == 403
    again = written(company, ada, quote, path=ref)
    assert again.status == 403
    assert "is not asked again" in again.words
    bea = Asker.known(company)
    written(company, bea, quote)
    answer(bea, visitor, "agree")
    publish(company, last(company))
    assert quote in visitor.get("/stories/").words
    assert "Nothing of this story is shown" in answer(bea, visitor, "refuse").words
    assert quote not in visitor.get("/stories/").words
