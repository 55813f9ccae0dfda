"""The list: numbers, states and times, and never a word of what is not one's own."""

from __future__ import annotations

import re
from datetime import timedelta

from console.cast import words
from conversations.company import BOTH, Company
from conversations.inbox.operators import Operator, fresh
from troth.channels.conversations import actions
from troth.channels.conversations.models import Conversation, SavedView
from troth.core import clock


@BOTH
def test_only_ones_own_show_a_word(company: Company, ann: Operator, ben: Operator) -> None:
    mine, _ = company.mail(subject="Toner is leaking", text="It leaks everywhere.")
    other, _ = company.mail("jon@example.com", subject="Broken tray", text="A secret thing.")
    actions.take(mine, actor=company.actor("ann"))
    actions.take(other, actor=company.actor("ben"))
    for view in ("mine", "free", "active"):
        page = ann.get(view=view).content.decode()
        for word in ("secret", "Broken tray", "leaks everywhere", "jon@", "mary@", "Mary"):
            assert word not in page, f"{word} stands in the view {view}"
    assert "Toner is leaking" in ann.reads(view="mine")
    assert "Toner is leaking" not in ben.reads(view="active")
    assert f"#{other.number}" in ann.reads(view="active")


def test_views_filters_and_counts(company: Company, ann: Operator) -> None:
    chat, _ = company.chat()
    mail, _ = company.mail()
    urgent, _ = company.mail("eve@example.com")
    actions.set_priority(urgent, actor=company.actor("ann"), priority=4, revision=None)
    actions.tag(fresh(mail), actor=company.actor("ann"), name="printer", revision=None)
    actions.take(fresh(mail), actor=company.actor("ann"))
    actions.solve(fresh(urgent), actor=company.actor("ann"), revision=None)

    def shown(**asked: str) -> set[int]:
        return {int(n) for n in re.findall(r"Choose #(\d+)", ann.get(**asked).content.decode())}

    assert shown(view="mine") == {mail.number}
    assert shown(view="free") == {chat.number}
    assert shown(view="active") == {chat.number, mail.number}
    assert shown(view="ended") == {urgent.number}
    assert shown(view="active", way="chat") == {chat.number}
    assert shown(view="active", tag="printer") == {mail.number}
    assert shown(view="active", state="solved", priority="4") == {urgent.number}
    assert shown(view="active", assignee="none") == {chat.number}
    assert shown(view="active", queue="none") == set()
    assert shown(view="active", priority="9", page="x") == set(), "nonsense finds nothing"
    assert shown(q=str(mail.number)) == {mail.number}
    assert shown(q="tag:printer") == {mail.number}
    text = ann.reads(view="active")
    assert "Mine 1" in text
    assert "Unassigned 1" in text
    assert "All 2" in text
    assert "Support 2" in text


def test_words_are_searched_by_post_alone(company: Company, ann: Operator) -> None:
    found, _ = company.mail(text="The drum squeaks.")
    other, _ = company.mail("jon@example.com")
    actions.take(found, actor=company.actor("ann"))
    for words_typed in ("mary@example.com", "squeaks"):
        answer = ann.post("", q=words_typed)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert f"#{found.number}" in page
        assert f"#{other.number}" not in page
        assert f"q={words_typed}" not in page, "no link carries what was typed"
        assert "q=mary%40" not in page
        assert 'hx-trigger="never"' in page, "news does not take the answer away"
    by_address = ann.get(q="mary@example.com", view="active").content.decode()
    assert f"#{other.number}" in by_address, "an address does not search for words"
    number = ann.post("", q=f"#{other.number}")
    assert number["Location"].endswith(f"?view=active&q=%23{other.number}")


def test_time_left_stands_in_words(company: Company, ann: Operator) -> None:
    late, _ = company.mail()
    hour = timedelta(hours=1)
    Conversation.objects.filter(pk=late.pk).update(first_answer_due_at=clock.now() - 3 * hour)
    soon, _ = company.mail("eve@example.com")
    due = clock.now() + hour / 2 + timedelta(seconds=30)
    Conversation.objects.filter(pk=soon.pk).update(first_answer_due_at=due)
    text = ann.reads(view="free")
    assert "Answer: 3 hours late" in text
    assert "Answer in 30 minutes" in text
    assert text.index(f"#{late.number}") < text.index(f"#{soon.number}"), "what is due first"


def test_many_at_once(company: Company, ann: Operator) -> None:
    found = [company.mail(f"p{n}@example.com")[0] for n in range(3)]
    refs = [one.ref for one in found]
    ann.post("bulk", ref=refs[:2], do=f"assign:{ann.ref}", back="?view=active")
    assert [fresh(one).assignee_id for one in found] == [company.member("ann").pk] * 2 + [None]
    ann.post("bulk", ref=refs, do="priority:3", back="")
    ann.post("bulk", ref=refs[:1], do="state:solved", back="//elsewhere.example")
    assert [fresh(one).priority for one in found] == [3, 3, 3]
    assert fresh(found[0]).state == "solved"
    nothing = ann.post("bulk", do="state:solved")
    assert nothing.status_code == 302
    nonsense = ann.post("bulk", ref=refs, do="destroy:all")
    assert nonsense.status_code == 400
    away = ann.post("bulk", ref=refs, do="release:", back="//elsewhere.example")
    assert away["Location"] == "/console/conversations/"


def test_a_view_is_kept_shown_and_removed(company: Company, ann: Operator, ben: Operator) -> None:
    chat, _ = company.chat()
    company.mail()
    kept = {"filters": "?view=active&way=chat", "name": "Chats", "shared": "on"}
    answer = ann.post("views", **kept)
    view = SavedView.objects.get()
    assert answer["Location"].endswith(f"?saved={view.ref}")
    text = ben.reads(saved=view.ref)
    assert f"#{chat.number}" in text
    assert "1–1 of 1 conversation" in text
    assert "way: chat" in text
    ann.post(f"views/{view.ref}/remove")
    assert not SavedView.objects.exists()


def test_it_is_for_those_who_answer(company: Company) -> None:
    auditor = company.browser("auditor")
    assert auditor.get("/console/conversations/").status_code == 403
    assert company.browser().get("/console/conversations/").status_code == 302


def test_the_rail_and_the_home_say_what_waits(company: Company, ann: Operator) -> None:
    company.mail()
    home = words(ann.browser.get("/console/"))
    assert "1 conversation waits for somebody" in home
    assert "Inbox , waiting: 1" in home


def test_available_or_away(company: Company, ann: Operator) -> None:
    assert "Away" in ann.reads()
    ann.post("presence", available="yes")
    assert "Available" in ann.reads()
    part = ann.browser.post(
        "/console/conversations/presence", {"available": "no"}, headers={"hx-request": "true"}
    )
    assert "Away" in words(part)
    assert "<html" not in part.content.decode()
