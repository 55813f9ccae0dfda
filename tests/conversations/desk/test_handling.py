"""What staff do with conversations: by turns, with a revision, in many ways, all of it told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from conversations.company import BOTH, Company
from troth.channels.conversations import actions, queries, reading
from troth.channels.conversations.models import (
    Conversation,
    Desk,
    FollowUp,
    Message,
    Presence,
    Queue,
)
from troth.channels.conversations.refusals import NotYoursDenied, StaleDenied
from troth.core import clock
from troth.core.actors import AbilityDenied, Actor
from troth.core.errors import Invalid
from troth.core.people.records import Given

VISITOR = Actor.visitor()
ASKED = (
    Given("name", "user.name", "Mary"),
    Given("email", "user.contact.email", "mary@example.com"),
)


def taken(company: Company, ticket: Conversation, name: str = "ann") -> Conversation:
    return actions.take(ticket, actor=company.actor(name))


@BOTH
def test_chats_go_round_by_turns_to_who_is_there_and_has_room(company: Company) -> None:
    Queue.objects.update(round_robin=True, most=2)
    assert company.chat()[0].assignee is None
    company.at_the_desk("ann", "ben")
    assert actions.distribute(company.queue, actor=Actor.system("worker")) == 1
    had = [company.chat()[0].assignee for _ in range(4)]
    members = [company.member("ben"), company.member("ann"), company.member("ben"), None]
    assert had == members
    Presence.objects.update(seen_at=clock.now() - timedelta(minutes=2))
    actions.close(Conversation.objects.filter(assignee=members[0])[0], actor=VISITOR)
    assert actions.distribute(company.queue, actor=Actor.system("worker")) == 0
    actions.here(actor=company.actor("ben"), available=True)
    assert not Conversation.objects.filter(assignee=None).exists()


def test_a_chat_is_taken_at_any_hour_by_who_is_available(company: Company) -> None:
    Queue.objects.update(round_robin=True)
    Desk.objects.update(hours={"0": [["09:00", "10:00"]]})
    with clock.at(datetime(2026, 6, 28, 23, 0, tzinfo=UTC)):  # a Sunday
        assert not queries.online()
        chat, _ = actions.open_chat(actor=VISITOR, given=ASKED)
        actions.here(actor=company.actor("ann"), available=True)
        assert (queries.online(), chat.assignee) == (True, None)
        actions.write(chat, actor=VISITOR, side="person", text="Hello?", client_id=uuid4())
    chat.refresh_from_db()
    assert chat.assignee == company.member("ann")


def test_two_members_never_overwrite_each_other(company: Company) -> None:
    ticket, _ = company.mail()
    seen = ticket.revision
    taken(company, ticket)
    with pytest.raises(StaleDenied) as stale:
        actions.set_priority(ticket, actor=company.actor("ben"), priority=4, revision=seen)
    assert [event.did for event in stale.value.since] == ["taken"]
    assert company.actor("ann").ref[:8] in stale.value.why
    ticket.refresh_from_db()
    assert (ticket.priority, stale.value.revision) == (2, ticket.revision)
    actions.set_priority(ticket, actor=company.actor("ben"), priority=4, revision=ticket.revision)
    assert Conversation.objects.get().priority == 4


def test_who_may_not_answer_changes_nothing(company: Company) -> None:
    ticket, _ = company.mail()
    for verb in (actions.take, actions.solve, actions.release):
        with pytest.raises(AbilityDenied):
            verb(ticket, actor=company.actor("auditor"), revision=None)
    with pytest.raises(NotYoursDenied):
        actions.transfer(
            taken(company, ticket), actor=company.actor("ben"), revision=None,
            to=company.member("ben"),
        )  # fmt: skip


def test_history_tells_what_happened_without_words(company: Company) -> None:
    ticket, _ = company.mail(subject="A secret subject")
    ann = company.actor("ann")
    ticket = taken(company, ticket)
    actions.tag(ticket, actor=ann, name=" Refund ", revision=None)
    actions.transfer(ticket, actor=ann, revision=None, to=company.member("ben"))
    actions.solve(ticket, actor=company.actor("ben"), revision=None)
    lines = queries.history(ticket)
    assert [line.did for line in lines] == ["taken", "tagged", "transferred", "set-state"]
    assert "secret" not in str(lines)
    row = queries.search("tag:refund", actor=ann)[0]
    assert (row.number, row.state, row.tags) == (ticket.number, "solved", ("refund",))


def test_merging_shows_both_and_is_undone(company: Company) -> None:
    first, second = company.mail(text="One")[0], company.mail(text="Two")[0]
    ann = company.actor("ann")
    first, second = taken(company, first), taken(company, second)
    actions.merge_conversations(second, actor=ann, into=first, revision=second.revision)
    assert [one.text for one in reading.messages(first, actor=ann)] == ["One", "Two"]
    draft = actions.Draft(second.pk, VISITOR, "person", "Three", uuid4())
    assert actions.write_many([draft])[0].conversation_id == first.pk
    second.refresh_from_db()
    actions.unmerge(second, actor=ann, revision=None)
    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("open", None)
    assert [one.text for one in reading.messages(second, actor=ann)] == ["Two"]


def test_conversations_of_two_people_are_not_merged(company: Company) -> None:
    first, second = company.mail()[0], company.mail("john@example.com", name="John")[0]
    second = taken(company, second)
    with pytest.raises(Invalid, match="different people"):
        actions.merge_conversations(second, actor=company.actor("ann"), into=first, revision=None)


@BOTH
def test_splitting_moves_what_follows(company: Company) -> None:
    ticket, _ = company.mail(text="One")
    for text in ("Two", "Three"):
        actions.write(ticket, actor=VISITOR, side="person", text=text, client_id=uuid4())
    ticket, ann = taken(company, ticket), company.actor("ann")
    second = Message.objects.get(conversation=ticket, seq=2)
    made = actions.split(ticket, actor=ann, message=second, revision=ticket.revision)
    assert [one.text for one in reading.messages(made, actor=ann)] == ["Two", "Three"]
    assert [(m.seq) for m in Message.objects.filter(conversation=made).order_by("seq")] == [1, 2]
    ticket.refresh_from_db()
    assert (ticket.last_seq, made.split_from, made.number) == (1, ticket, ticket.number + 1)
    assert queries.joins(made, "mary@example.com")
    assert not queries.joins(made, "stranger@example.com")
    after = actions.write(made, actor=VISITOR, side="person", text="Four", client_id=uuid4())
    assert after.seq == 3


def test_a_chat_becomes_a_ticket_and_a_chat_again(company: Company) -> None:
    chat, _ = company.chat()
    ann = company.actor("ann")
    chat = taken(company, chat)
    with pytest.raises(Invalid, match="address"):
        actions.to_ticket(chat, actor=ann, revision=None)
    actions.identify(chat, actor=VISITOR, given=ASKED)
    assert actions.to_ticket(chat, actor=ann, revision=None).way == "mail"
    assert queries.joins(chat, "mary@example.com")
    assert actions.to_chat(chat, actor=ann, revision=None).way == "chat"


def test_links_ratings_and_follow_ups(company: Company) -> None:
    first, second = company.mail()[0], company.mail("john@example.com", name="John")[0]
    ann = company.actor("ann")
    actions.link(first, actor=ann, other=second, kind="cause")
    actions.link(second, actor=ann, other=first)
    assert first.links.count() + first.linked.count() == 1
    actions.unlink(second, actor=ann, other=first)
    assert not first.links.exists()
    task = actions.follow_up(first, actor=ann, due_at=clock.now() + timedelta(days=2), kind="call")
    assert queries.follow_ups(actor=ann) == [task]
    actions.follow_up_done(task, actor=ann)
    assert (queries.follow_ups(actor=ann), FollowUp.objects.get().done_at is None) == ([], False)
    first = taken(company, first)
    actions.write(first, actor=ann, side="staff", text="Done.", client_id=uuid4())
    solved = actions.solve(first, actor=ann, revision=None)
    assert solved.asked_rating_at is not None
    actions.rate(first, actor=VISITOR, rating=4)
    assert actions.rate(first, actor=VISITOR, rating=5).rating == 5
    with clock.at(clock.now() + timedelta(days=2)), pytest.raises(Exception, match="already"):
        actions.rate(first, actor=VISITOR, rating=1)


def test_many_at_once_each_stand_for_themselves(company: Company) -> None:
    tickets = [company.mail()[0] for _ in range(3)]
    refs = [one.ref for one in tickets]
    done = actions.bulk(
        [*refs, "nobody"], actor=company.actor("ann"), verb="assign", to=company.member("ben"),
        revisions={refs[0]: 99},
    )  # fmt: skip
    assert (done.done, set(done.refused)) == (2, {refs[0], "nobody"})
    actions.save_view(None, actor=company.actor("ann"), name="Mine", filters={"assignee": "me"})
    assert queries.saved_views(actor=company.actor("ben")) == []


def test_words_are_found_among_what_the_member_may_open(company: Company) -> None:
    mine = taken(company, company.mail(text="The Café printer is broken.")[0])
    company.mail("john@example.com", name="John", text="My printer is broken too.")
    ann, ben = company.actor("ann"), company.actor("ben")
    assert [row.number for row in queries.search("printer cafe", actor=ann)] == [mine.number]
    assert queries.search("printer", actor=ben) == []
    assert [row.number for row in queries.search("john@example.com", actor=ben)] == [1002]
    assert [row.number for row in queries.search(f"#{mine.number}", actor=ben)] == [mine.number]
