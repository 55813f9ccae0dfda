"""Live chat: two real browsers, the form before it, the card beside it, and nobody there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from proofs.asking import heard, may, until, write_mail
from proofs.chat.talks import (
    HERE,
    Operator,
    Visitor,
    available,
    count,
    newest,
    open_chat,
    set_desk,
)
from proofs.company import Company, submit
from proofs.conftest import Make
from support.seeded import Seed, assert_nowhere

Opens = Callable[..., Page]
CARD = "4111 1111 1111 1111"


def person_of(company: Company, ref: str) -> tuple[str, str]:
    """The opaque name and the state of whom a conversation is with."""
    [(name, state)] = company.rows(
        "SELECT p.ref, p.state FROM conversations_conversation AS c"
        " JOIN people_person AS p ON p.id = c.person_id WHERE c.ref = ?",
        ref,
    )
    return str(name), str(state)


@pytest.mark.clause("comm100-04")
def test_two_browsers_talk_hand_over_and_get_a_transcript(
    company: Company, new_page: Opens
) -> None:
    seed, before = Seed.new(), count(company)
    set_desk(company, "required")
    first, second = company.new_staff("Agent"), company.new_staff("Agent")
    available(company, first)
    visitor = Visitor.at(company, new_page)
    visitor.say_who(seed.name, seed.email)
    visitor.dialog.get_by_role("button", name="Begin the chat").click()
    visitor.write("Good morning")
    ref = newest(company, before)
    ann = Operator.at(company, first, new_page)
    ann.take(ref)
    expect(ann.thread).to_contain_text("Good morning")
    visitor.page.locator("textarea").press_sequentially("I have a ques")
    expect(ann.page.locator("#typing")).not_to_be_empty()
    visitor.write("I have a question")
    expect(ann.thread).to_contain_text("I have a question")
    ann.page.locator("#text").press_sequentially("Ask ")
    expect(visitor.dialog).to_contain_text("Is writing…")
    ann.answer("Ask it, please.")
    expect(visitor.page.locator("li.theirs").last).to_contain_text("Ask it, please.")
    # Handed over: the other reads and answers, and the visitor stays where they are.
    [(colleague,)] = company.rows(
        "SELECT ref FROM staff_membership ORDER BY undertaking_at DESC LIMIT 1"
    )
    ann.page.locator("#s-to").select_option(f"member/{colleague}")
    ann.page.get_by_role("button", name="Hand over").click()
    until(
        lambda: (
            company.rows(
                "SELECT m.ref FROM conversations_conversation AS c"
                " JOIN staff_membership AS m ON m.id = c.assignee_id WHERE c.ref = ?",
                ref,
            )
            == [(colleague,)]
        ),
        "the hand-over",
    )
    ben = Operator.at(company, second, new_page)
    ben.take(ref)
    expect(ben.thread).to_contain_text("I have a question")
    ben.answer("It is with me now.")
    expect(visitor.page.locator("li.theirs").last).to_contain_text("It is with me now.")
    visitor.page.get_by_role("button", name="Send me a copy by mail").click()
    said = ("Good morning", "I have a question", "Ask it, please.", "It is with me now.")
    text = heard(company, seed.email, "It is with me now.")
    assert [text.index(line) for line in said] == sorted(text.index(line) for line in said)
    available(company, first, there=False)


@pytest.mark.clause("comm100-20")
def test_the_form_before_a_chat_is_asked_where_it_is_set(company: Company, new_page: Opens) -> None:
    seed = Seed.new()
    member = company.new_staff("Agent")
    available(company, member)
    set_desk(company, "required")
    before = count(company)
    refused, _ = open_chat(company, "Hello without the form")
    assert refused >= 400, "leaving the form out does not help"
    half, _ = open_chat(company, "Hello", name=seed.name)
    assert half >= 400
    asked = Visitor.at(company, new_page)
    expect(asked.dialog.get_by_role("heading", name="Before we chat")).to_be_visible()
    expect(asked.page.locator("textarea")).to_be_hidden()
    asked.dialog.get_by_role("button", name="Begin the chat").click()
    expect(asked.dialog.get_by_text("Please fill this in.")).to_have_count(2)
    assert count(company) == before
    asked.say_who(seed.name, seed.email)
    asked.dialog.get_by_role("button", name="Begin the chat").click()
    asked.write("Hello")
    assert person_of(company, newest(company, before))[1] == "identified"
    set_desk(company, "off")
    free = Visitor.at(company, new_page)
    free.write("Nobody asked me")
    assert person_of(company, newest(company, before + 1))[1] == "anonymous"
    set_desk(company, "required")
    available(company, member, there=False)


@pytest.mark.clause("comantra-06")
def test_a_chat_is_somebodys_only_after_they_said_who_they_are(
    company: Company, new_page: Opens
) -> None:
    seed, before = Seed.new(), count(company)
    set_desk(company, "offered")
    available(company, company.new_staff("Agent"))
    visitor = Visitor.at(company, new_page)
    visitor.dialog.get_by_role("button", name="Chat without it").click()
    expect(visitor.page.locator("textarea")).to_be_visible()
    assert count(company) == before, "nothing is there before something is said"
    visitor.write("Hello")
    ref = newest(company, before)
    names = (
        "SELECT DISTINCT e.name FROM people_element AS e JOIN people_person AS p"
        " ON p.id = e.person_id WHERE p.ref = ?"
    )
    person, state = person_of(company, ref)
    assert (state, company.rows(names, person)) == ("anonymous", [("message",)])
    visitor.page.get_by_role("button", name="Say who you are").click()
    visitor.say_who(seed.name, seed.email)
    visitor.dialog.locator(".card").get_by_role("button", name="Send").click()
    until(lambda: person_of(company, ref)[1] == "identified", "who they are")
    held = {name for (name,) in company.rows(names, person_of(company, ref)[0])}
    assert {"name", "email"} <= held


@pytest.mark.clause("comm100-27")
def test_the_operator_sees_who_it_is_their_earlier_talks_and_plans_to_come_back(
    company: Company,
) -> None:
    seed, desk = Seed.new(), company.new_staff("Agent")
    available(company, desk)
    before = count(company)
    write_mail(company, seed.email, "support@comm100.example", "Toner", seed.message)
    earlier = newest(company, before)
    [(number,)] = company.rows(
        "SELECT number FROM conversations_conversation WHERE ref = ?", earlier
    )
    status, chat = open_chat(company, "It is me again", name=seed.name, email=seed.email)
    assert status == 201, chat
    ref = chat["ref"]
    page = desk.get(f"{HERE}{ref}")
    if 'value="take"' in page.text:
        page = submit(desk, page, "revision", to=f"{ref}/change", do="take")
    about = desk.get(f"{HERE}{ref}").words.partition("About")[2]
    for words in (seed.name, seed.email, "Earlier", f"#{number}"):
        assert words in about
    due = (datetime.now(UTC) + timedelta(days=2)).date()
    submit(
        desk, desk.get(f"{HERE}{ref}"), "due", to=f"{ref}/change", do="follow-up",
        task="call", due=due.isoformat(),
    )  # fmt: skip
    tasks = (
        "SELECT f.done_at FROM conversations_followup AS f JOIN conversations_conversation AS c"
        " ON c.id = f.conversation_id WHERE c.ref = ?"
    )
    assert company.rows(tasks, ref) == [(None,)]
    page = desk.get(f"{HERE}{ref}")
    assert f"{due.day} {due:%B}" in page.words.partition("Come back to it")[2]
    submit(desk, page, to="/tasks/")
    [(done,)] = company.rows(tasks, ref)
    assert done
    available(company, desk, there=False)


@pytest.mark.clause("comm100-62")
def test_what_is_said_in_a_chat_lies_encrypted(company: Company) -> None:
    seed, answer, desk = Seed.new(), Seed.new(), company.new_staff("Agent")
    available(company, desk)
    status, chat = open_chat(company, seed.message, name=seed.name, email=seed.email)
    assert status == 201, chat
    ref = chat["ref"]
    page = desk.get(f"{HERE}{ref}")
    if 'value="take"' in page.text:
        submit(desk, page, "revision", to=f"{ref}/change", do="take")
    page = desk.get(f"{HERE}{ref}")
    submit(desk, page, "text", to=f"{ref}/write", text=answer.message, do="send")
    shown = desk.get(f"{HERE}{ref}").words
    assert seed.message in shown
    assert answer.message in shown
    assert seed.name in shown
    assert_nowhere([seed.message, seed.name, seed.email, answer.message], company.site.home)
    available(company, desk, there=False)


@pytest.mark.clause("comm100-19", "comm100-28")
def test_when_nobody_is_there_a_message_is_answered_by_mail_and_used_for_nothing_else(
    make_company: Make, new_page: Opens
) -> None:
    seed = Seed.new()
    with make_company() as own:
        visitor = Visitor.at(own, new_page)
        expect(visitor.dialog.get_by_role("heading", name="Leave a message")).to_be_visible()
        visitor.say_who(seed.name, seed.email)
        visitor.dialog.locator("textarea").fill(seed.message)
        visitor.dialog.get_by_role("button", name="Send").click()
        expect(visitor.dialog).to_contain_text("the answer comes by mail")
        ref = newest(own)
        desk = own.staff("Agent")
        submit(desk, desk.get(f"{HERE}{ref}"), "revision", to=f"{ref}/change", do="take")
        page = desk.get(f"{HERE}{ref}")
        assert seed.message in page.words
        submit(desk, page, "text", to=f"{ref}/write", text="Try the other door.", do="send")
        assert own.mails(seed.email, "Try the other door.")
        person, _ = person_of(own, ref)
        assert may(own, person, "support", "newsletter", "offers") == [True, False, False]


@pytest.mark.clause("comintech-54")
def test_a_card_number_is_masked_before_it_is_stored_and_the_sender_is_told(
    company: Company, new_page: Opens
) -> None:
    seed, before = Seed.new(), count(company)
    set_desk(company, "off")
    desk = company.new_staff("Agent")
    available(company, desk)
    visitor = Visitor.at(company, new_page)
    expect(visitor.dialog).to_contain_text("no card numbers, tax numbers or passwords")
    visitor.write(f"My card is {CARD}")
    mine = visitor.page.locator("li.mine").last
    expect(mine).to_contain_text("•••• •••• •••• ••••")
    expect(visitor.dialog).to_contain_text("Blotted out before it was sent: a card number")
    typed = newest(company, before)
    # Sent by a program that does not mask, it is masked all the same.
    status, chat = open_chat(company, f"Take {CARD}, please")
    assert status == 201, chat
    write_mail(
        company, seed.email, "support@comintech.example", "Paying", f"Or charge {CARD} by mail"
    )
    told = heard(company, seed.email, "a card number, and blotted it out")
    assert "1111" not in told
    mailed = newest(company, before + 2)
    for ref, words in ((typed, "My card is"), (chat["ref"], "Take"), (mailed, "Or charge")):
        page = desk.get(f"{HERE}{ref}")
        if 'value="take"' in page.text:
            submit(desk, page, "revision", to=f"{ref}/change", do="take")
        shown = desk.get(f"{HERE}{ref}").words
        assert words in shown
        assert "1111" not in shown
    available(company, desk, there=False)
