"""What becomes of posts when their words, their author or the policy are not what they were."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import resolve, reverse

from accounts.conftest import POLICIES, Company
from accounts.customers import words
from community.conftest import EMAIL, STAFF, NewPerson, theirs
from support.askers import _log_in
from support.seeded import assert_nowhere
from troth.channels.accounts.api import user_for
from troth.channels.community.forum import acknowledging, moderating, naming, posting, reading
from troth.channels.community.helping import finding, writing
from troth.channels.community.models import Acknowledgement, Board, Post, Word
from troth.channels.community.views import posting as views
from troth.core.actors import Actor
from troth.core.cases import moderating as cases
from troth.core.choices.deciding import choose
from troth.core.errors import Denied, Invalid
from troth.core.gate import showing
from troth.core.gate.denials import UseDenied
from troth.core.ledger.api import sequence, timeline
from troth.core.ledger.models import Entry
from troth.core.notices.publish import publish
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.rights import api as rights
from troth.core.rights.own.refusing import restrict

WORKER = Actor.system("worker")


def begun(board: Board, person: Person, text: str = "A heron at the pond.") -> Post:
    return posting.begin(board, actor=theirs(person), person=person, title="Who knows?", text=text)


def answered(post: Post, person: Person, text: str, quotes: Post | None = None) -> Post:
    return posting.reply(post.thread, actor=theirs(person), person=person, text=text, quotes=quotes)


def done(kind: str, person: Person) -> rights.Request:
    me = theirs(person)
    words = "Off the list." if kind == "removal" else ""
    content = rights.Content(words=words)
    request = rights.ask(kind, actor=me, way="account", person=person, content=content)
    rights.approve(request, actor=me)
    return rights.fulfil(request, actor=WORKER)


def page(post: Post) -> str:
    return words(Client().get(f"/forum/t/{post.thread.ref}"))


def test_other_words_are_taken_note_of_anew(board: Board, new_person: NewPerson) -> None:
    person = new_person()
    before = begun(board, person)
    shown = acknowledging.digest()
    source = (POLICIES / "comm100.toml").read_text("utf-8")
    first = current().version
    spaced = source.replace("write to \\\nyou unasked", "write\nto you unasked", 1)
    for text, again in ((spaced, False), (source.replace("you unasked.", "you, unasked."), True)):
        version = "2026-06-01" if again else "2026-05-01"
        renamed = text.replace(f'version = "{first}"', f'version = "{version}"', 1)
        publish(renamed, actor=Actor.system("cli"))
        assert acknowledging.noted(person) is not again
    with pytest.raises(acknowledging.NotedDenied) as denied:
        begun(board, person)
    assert denied.value.clause == "5.3"
    with pytest.raises(Invalid):
        acknowledging.note(person, actor=theirs(person), clauses=[], notice=acknowledging.digest())
    with pytest.raises(Invalid, match="changed meanwhile"):
        acknowledging.note(person, actor=theirs(person), clauses=["5.3"], notice=shown)
    notice = acknowledging.digest()
    acknowledging.note(person, actor=theirs(person), clauses=["5.3"], notice=notice)
    begun(board, person)
    assert Acknowledgement.objects.count() == 2
    assert "A heron at the pond." in page(before), "what was posted under another version shows"


def test_nothing_of_an_erased_author_is_left_in_the_forum(
    board: Board, new_person: NewPerson, company: Company
) -> None:
    ada, bea = new_person(), new_person()
    first = begun(board, ada, "My pond has a quagmire.")
    answered(first, bea, "A kingfisher!", quotes=first)
    posting.edit(first, actor=theirs(ada), person=ada, text="My pond has a quagga.")
    name = reading.seen([first])[0].author
    assert name in page(first)
    request = done("access", ada)
    with zipfile.ZipFile(io.BytesIO(rights.package(request))) as archive:
        told = json.dumps(json.loads(archive.read("your-data.json")))
    for mine in ("My pond has a quagmire.", "My pond has a quagga.", name, "took note of what"):
        assert mine in told
    assert "A kingfisher!" not in told

    assert done("deletion", ada).state == "done"
    said = page(first)
    for gone in ("quagmire", "quagga", name, "Who knows?"):
        assert gone not in said
    assert "A kingfisher!" in said
    assert "beginning is not shown" in said
    assert "Nothing found" in words(Client().get("/forum/search?q=quagga"))
    assert not Word.objects.exclude(element__person=bea).exists()
    assert_nowhere(["quagmire", "quagga", name], company.folder)


def test_who_may_not_be_shown_is_not(board: Board, new_person: NewPerson) -> None:
    ada = new_person()
    post = begun(board, ada)
    restrict(ada)
    assert "heron at the pond" not in page(post)
    assert "This post is not shown any more." in page(post)
    with pytest.raises(UseDenied):
        answered(post, ada, "Still here?")
    assert Client().get(f"/forum/p/{post.ref}").status_code == 410


def test_to_be_taken_off_a_list_leaves_the_words_of_a_forum(
    board: Board, new_person: NewPerson
) -> None:
    ada = new_person()
    post = begun(board, ada)
    assert done("removal", ada).state == "done"
    assert "heron at the pond" in page(post)
    choose(ada, actor=theirs(ada), purpose="community", yes=False, way="test", manner="to.readers")
    assert "heron at the pond" not in page(post)


def test_only_the_public_is_shown_things_unrecorded(board: Board, new_person: NewPerson) -> None:
    ada = new_person()
    begun(board, ada)
    data, among = ["user.content.public"], frozenset({ada.pk})
    with showing.shown(purpose="community", data=data, among=among, to="readers") as opening:
        assert opening.whom == {ada.pk}
        with pytest.raises(Denied):
            str(Element.objects.get(person=ada, category=EMAIL).value)
    for to in ("seal", "nobody"):
        with (
            pytest.raises(UseDenied),
            showing.shown(purpose="community", data=data, among=among, to=to),
        ):
            pass


@pytest.mark.parametrize("name", ["ada@marsh.example", "https://me.example", "C", "Comm100 Ltd"])
def test_some_names_are_nobodys(new_person: NewPerson, name: str) -> None:
    with pytest.raises(naming.NameInvalid):
        naming.choose(ada := new_person(), actor=theirs(ada), name=name)


def test_a_name_is_one_persons_and_a_new_one_takes_its_place(
    board: Board, new_person: NewPerson
) -> None:
    ada, bea = new_person(), new_person()
    post = begun(board, ada)
    naming.choose(ada, actor=theirs(ada), name="Kingfisher")
    assert "Kingfisher" in page(post)
    with pytest.raises(naming.NameInvalid):
        naming.choose(bea, actor=theirs(bea), name="kingFISHER")
    naming.choose(ada, actor=theirs(ada), name="Otter")
    assert "Kingfisher" not in page(post)
    naming.choose(bea, actor=theirs(bea), name="Kingfisher")


def test_what_a_moderator_closes_is_closed(board: Board, new_person: NewPerson) -> None:
    ada = new_person()
    post = begun(board, ada)
    moderating.arrange(post.thread, actor=STAFF, how="lock")
    with pytest.raises(posting.PostDenied):
        answered(post, ada, "And yet.")
    moderating.arrange(post.thread, actor=STAFF, how="unlock")
    moderating.arrange(post.thread, actor=STAFF, how="pin")
    with pytest.raises(Invalid):
        moderating.arrange(post.thread, actor=STAFF, how="burn")
    moderating.close_board(board, actor=STAFF, closed=True)
    with pytest.raises(posting.PostDenied):
        begun(board, ada)
    answered(post, ada, "And yet.")


def test_a_title_goes_with_the_post_it_began_with(board: Board, new_person: NewPerson) -> None:
    ada, bea = new_person(), new_person()
    post = begun(board, ada)
    answered(post, bea, "Not me.")
    moderating.hide(post, actor=STAFF, ground="spam-prevention", words="It sells ponds.")
    for path in (f"/forum/t/{post.thread.ref}", "/forum/", f"/forum/b/{board.slug}",
                 "/forum/search?q=knows", "/forum/search?q=me"):  # fmt: skip
        assert "Who knows?" not in words(Client().get(path)), path
    post.refresh_from_db()
    moderating.restore(post, actor=STAFF)
    assert "Who knows?" in page(post)
    assert "Who knows?" in words(Client().get("/forum/search?q=knows"))
    cases.decide(
        cases.report(moderating.about(post), actor=Actor.visitor(), words="Again."),
        actor=STAFF,
        done="deleted",
        ground="spam-prevention",
    )
    assert "Who knows?" not in page(post)
    assert not Element.objects.filter(person=ada, category="user.content.public").exists()


@pytest.mark.parametrize("gone", [False, True])
def test_who_was_right_to_object_is_shown_again(
    board: Board, new_person: NewPerson, gone: bool
) -> None:
    post = begun(board, new_person())
    case = moderating.hide(post, actor=STAFF, ground="spam-prevention", words="It sells ponds.")
    other = cases.report(moderating.about(post), actor=Actor.visitor(), words="I like it.")
    cases.decide(other, actor=STAFF, done="kept", ground="")
    post.refresh_from_db()
    assert post.state == Post.State.HIDDEN  # what somebody else reported is a case of its own
    if gone:
        posting.take_out(post, clause="")
    cases.answer(case.concerns.get(), actor=Actor.visitor(), words="It is a poem.")
    cases.decide(case, actor=STAFF, done="kept", ground="")
    post.refresh_from_db()
    assert post.state == (Post.State.REMOVED if gone else Post.State.SHOWN)
    sequence()
    said = [*Entry.objects.values_list("act", flat=True)]
    assert said.count("community.hidden") == 1
    assert said.count("community.restored") == (0 if gone else 1)


@pytest.mark.parametrize("company", ["com1", "comindware"], indirect=True)
@pytest.mark.parametrize("path", ["forum/", "customers/", "stories/", "forum/search?q=a", "help/"])
@pytest.mark.usefixtures("company")
def test_where_the_policy_has_nothing_of_it_there_is_nothing(path: str) -> None:
    assert Client().get(f"/{path}").status_code == 404
    home = Client().get("/").content.decode()
    assert f'href="/{path}"' not in home


def said_of(person: Person, company: Company) -> list[str]:
    lines = timeline(company.organisation, person.ref).lines
    return [line.act for line in lines if line.act.startswith("community.")]


@pytest.mark.parametrize("gone", [False, True])
def test_what_stands_after_an_objection_was_hidden_once(
    board: Board, new_person: NewPerson, company: Company, gone: bool
) -> None:
    ada = new_person()
    post = begun(board, ada)
    case = moderating.hide(post, actor=STAFF, ground="spam-prevention", words="It sells ponds.")
    cases.answer(case.concerns.get(), actor=theirs(ada), words="It does not.")
    if gone:
        posting.remove(post, actor=theirs(ada), person=ada)
    cases.decide(case, actor=STAFF, done="kept", ground="")
    assert said_of(ada, company).count("community.hidden") == 1
    assert ("heron at the pond" in page(post)) is not gone


def test_what_its_author_took_out_no_moderator_did(board: Board, new_person: NewPerson) -> None:
    post = begun(board, ada := new_person())
    moderating.hide(post, actor=STAFF, ground="spam-prevention", words="It sells ponds.")
    posting.remove(post, actor=theirs(ada), person=ada)
    assert "taken out by a moderator" not in words(Client().get(f"/forum/p/{post.ref}"))


def test_what_nobody_sees_makes_no_other_name(new_person: NewPerson) -> None:
    ada, bea = new_person(), new_person()
    with pytest.raises(naming.NameInvalid):
        naming.choose(ada, actor=theirs(ada), name="Comm\u200b100 Team")
    naming.choose(ada, actor=theirs(ada), name="Kingfisher")
    with pytest.raises(naming.NameInvalid):
        naming.choose(bea, actor=theirs(bea), name="King\u2060fisher")


def test_an_article_called_new_can_be_written_again(new_person: NewPerson) -> None:
    new_person()
    made = writing.begin(actor=STAFF, section="A", title="New", body="A pond.")
    assert resolve(reverse("community:write", args=[made.slug])).url_name == "write"
    writing.publish(made, actor=STAFF, number=1)
    assert finding.search("pond\0") == [made]


def test_nobody_speaks_for_the_company_without_being_authorised(
    board: Board, new_person: NewPerson
) -> None:
    ada = new_person()
    title, text, me = "We", "So be it.", theirs(ada)
    with pytest.raises(Denied):
        posting.begin(board, actor=me, person=ada, title=title, text=text, speaks=STAFF)
    speaker = Actor("staff", "3" * 32, abilities=frozenset({posting.SPEAK}))
    said = posting.begin(board, actor=me, person=ada, title=title, text=text, speaks=speaker)
    assert said.speaks


@pytest.mark.usefixtures("board")
def test_without_a_name_to_go_by_there_is_no_forum(company: Company) -> None:
    source = (POLICIES / "comm100.toml").read_text("utf-8").replace('["name", "post"]', '["post"]')
    renamed = source.replace(f'version = "{current().version}"', 'version = "2026-05-01"', 1)
    publish(renamed, actor=Actor.system("cli"))
    assert Client().get("/forum/").status_code == 404


def test_a_link_leads_to_its_post_when_others_are_gone(
    board: Board, new_person: NewPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PER_PAGE", 1)
    ada, bea = new_person(), new_person()
    first = begun(board, ada)
    second, _ = answered(first, bea, "The second."), answered(first, bea, "The third.")
    assert done("deletion", ada).state == "done"
    assert "The second." in words(Client().get(f"/forum/p/{second.ref}", follow=True))


def test_names_are_not_tried_without_end(
    new_person: NewPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "NAMES_PER_HOUR", 1)
    ada = new_person()
    user = user_for(ada)
    assert user is not None
    client = _log_in(Client(), user)
    statuses = [client.post("/account/forum", {"name": name}).status_code for name in ("Ox", "Elk")]
    assert statuses == [302, 429]


@pytest.mark.again
def test_a_title_is_searched_with_its_post_also_when_that_was_changed(
    board: Board, new_person: NewPerson
) -> None:
    post = begun(board, ada := new_person())
    assert "A heron" in words(Client().get("/forum/search?q=knows+heron"))
    posting.edit(post, actor=theirs(ada), person=ada, text="An otter at the pond.")
    assert "An otter" in words(Client().get("/forum/search?q=knows+otter"))
    assert "Nothing found" in words(Client().get("/forum/search?q=heron"))
