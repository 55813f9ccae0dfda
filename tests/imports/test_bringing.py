"""A list comes in: from the upload to the people, by page and worker."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from imports.desk import Desk, lines, run_tasks, words
from support.mail import Mailbox
from support.seeded import Seed, assert_nowhere
from troth.channels.imports.models import Import, Problem
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.keyring.models import Key
from troth.core.ledger.api import sequence, timeline, verify
from troth.core.people.models import Element, Person

EMAIL = "user.contact.email"
HEAD = "E-mail,Full name,Permission"


def people() -> Any:
    """Everybody but the staff."""
    return Person.objects.filter(users=None)


def of(seed: Seed, proof: str = "Fair in Ghent on 3 May 2014") -> str:
    return f"{seed.email},{seed.name},{proof}"


def test_a_list_comes_in_row_by_row(desk: Desk) -> None:
    run = desk.let_in(
        lines(
            "E-mail;Full name;Shoe size;Permission",
            "ada@people.example;Ada Example;38;Fair in Ghent, 3 May 2014",
            "bob@people.example;Bob Example;44;",
            "carl@people;Carl;43;2014-05-03",
            "",
            " Ada@People.Example;Ada again;38;2014",
            "dora@people.example;Dora;39;the fair of 3.5.2994",
            "emil@people.example;Emil;39;she said so",
        )
    )
    assert run.state == Import.State.DONE
    assert (run.new, run.known, run.refused, run.bad) == (1, 0, 4, 1)
    assert people().count() == 1
    assert [line.split(",")[:2] for line in desk.problems(run)[1:]] == [
        ["3", "When and how you gave permission"],
        ["4", "E-mail address"],
        ["6", ""],
        ["7", "When and how you gave permission"],
        ["8", "When and how you gave permission"],
    ]
    held = Element.objects.filter(person__in=people())
    assert sorted(held.values_list("name", "clause")) == [
        ("email", "2.18"), ("name", "2.18"), ("permission", "2.18"),
    ]  # fmt: skip


def test_columns_the_clause_does_not_name_are_dropped_and_the_page_says_so(desk: Desk) -> None:
    run = desk.bring(lines("E-mail,Shoe size,Consent", "ada@people.example,38,2014-05-03"))
    page = desk.page(run)
    assert "B · Shoe size" in page
    assert "are dropped" in page
    assert run.columns == {"email": 0, "permission": 2}
    assert "Reason" not in desk.page(desk.rehearse(run))


def test_columns_can_be_chosen_by_hand_and_only_as_the_clause_permits(desk: Desk) -> None:
    run = desk.bring(lines("a,a,c", "Fair 2014,ada@people.example,Ada"))
    assert run.columns == {}
    path = f"/console/imports/{run.ref}/columns"
    assert "required" in words(desk.post(path, permission="0"))
    assert "chosen twice" in words(desk.post(path, email="0", permission="0"))
    refused = desk.post(path, email="7", permission="0")
    assert refused.status_code == 422
    run = desk.rehearse(run, email="1", permission="0", name="2")
    assert run.new == 1
    run = desk.rehearse(run, email="0", permission="1", name="2")
    assert (run.new, run.bad) == (0, 1)
    assert not people().exists()


def test_nobody_gets_anything_before_they_say_yes_by_mail(desk: Desk, mail: Mailbox) -> None:
    seed = Seed.new()
    run = desk.let_in(lines(HEAD, of(seed)))
    assert run.asked == 1
    assert not audience(purpose="newsletter", data=[EMAIL]).exists()
    run_tasks()
    received = mail.wait()[0]
    assert received.recipients == [seed.email]
    text = received.message.get_body(("plain",)).get_content()
    assert seed.name not in text
    link = re.search(r"http\S+(/imports/confirm/[^\s>)]+)", text)
    assert link
    looked = words(desk.get(link[1]))
    assert "Our newsletter" in looked
    assert not audience(purpose="newsletter", data=[EMAIL]).exists()
    assert "Thank you" in words(desk.post(link[1]))
    assert audience(purpose="newsletter", data=[EMAIL]).count() == 1
    assert desk.post(link[1]).status_code == 200
    assert desk.get("/imports/confirm/guessed").status_code == 404
    again = desk.let_in(lines(HEAD, of(seed)))
    assert (again.known, again.asked) == (1, 0)


def test_whoever_did_not_answer_is_not_asked_a_second_time(desk: Desk) -> None:
    seed = Seed.new()
    assert desk.let_in(lines(HEAD, of(seed))).asked == 1
    assert desk.let_in(lines(HEAD, of(seed))).asked == 0


def test_known_people_keep_what_they_gave(desk: Desk) -> None:
    seed = Seed.new()
    desk.let_in(lines(HEAD, of(seed)))
    person = people().get()
    run = desk.let_in(lines(HEAD, f"{seed.email.upper()},Another Name,in 2015"))
    assert (run.new, run.known) == (0, 1)
    assert people().get() == person
    with uses.own(person=person):
        names = {one.value for one in Element.objects.filter(name="name", person=person)}
    assert names == {seed.name, "Another Name"}


def test_the_ledger_tells_of_the_run_and_to_each_person_of_theirs(desk: Desk) -> None:
    run = desk.let_in(lines(HEAD, of(Seed.new()), of(Seed.new()), ",,"))
    sequence()
    for person in people():
        told = [line.sentence() for line in timeline(desk.organisation, person.ref).lines]
        assert any("came to us in a list" in sentence for sentence in told)
    shown = desk.reads("/console/ledger")
    assert "let a list of people come in" in shown
    assert "2 new and 0 known came in" in shown
    assert run.ref not in shown
    assert not verify(desk.organisation).problems


def test_nothing_of_a_list_is_anywhere_in_clear_and_its_key_goes(
    desk: Desk, folder: Path, capfd: Any
) -> None:
    seeds = [Seed.new() for _ in range(4)]
    strange = f"{seeds[0].company},{HEAD}"  # a heading may be personal too
    content = lines(strange, *(f"x,{of(seed)}" for seed in seeds[:3]), f"x,{of(seeds[3], '')}")
    run = desk.bring(content)
    assert Key.objects.filter(owner=run.pk).count() == 1
    values = [value for seed in seeds for value in (seed.name, seed.email, seed.company)]
    assert_nowhere([*values, "Fair in Ghent"], folder)
    run = desk.rehearse(run)
    assert desk.start(run).status_code == 302
    run_tasks()
    run.refresh_from_db()
    assert (run.state, run.new) == (Import.State.DONE, 3)
    assert not Key.objects.filter(owner=run.pk).exists()
    assert not run.parts.exists()
    assert run.emptied_at
    assert_nowhere([*values, "Fair in Ghent"], folder)
    said = capfd.readouterr()
    assert not [value for value in values if value in said.out + said.err]
    assert "its key was destroyed" in desk.page(run)


def test_one_who_is_no_owner_gets_nowhere(desk_of: Any) -> None:
    agent = desk_of("comintech", "Agent")
    assert agent.get("/console/imports/").status_code == 403
    assert agent.upload(lines(HEAD)).status_code == 403


def test_without_a_clause_nothing_may_come_in(desk_of: Any) -> None:
    elsewhere = desk_of("com1")
    page = elsewhere.reads("/console/imports/")
    assert "no clause for lists" in page
    assert "import.people" in page
    answer = elsewhere.upload(lines(HEAD, "ada@people.example,Ada,2014"))
    assert answer.status_code == 403
    assert "no clause for this touchpoint" in words(answer)


def test_one_organisation_does_not_see_the_lists_of_another(desk: Desk, desk_of: Any) -> None:
    run = desk.bring(lines(HEAD, of(Seed.new())))
    elsewhere = desk_of("com1")
    for tail in ("", "/columns", "/problems.csv"):
        assert elsewhere.get(f"/console/imports/{run.ref}{tail}").status_code == 404


def test_files_are_taken_nowhere_else_and_need_the_token(desk: Desk, settings: Any) -> None:
    desk.browser.handler.enforce_csrf_checks = True
    answer = desk.upload(lines(HEAD, of(Seed.new())))
    assert "could not be accepted" in words(answer)
    assert not Import.objects.exists()
    desk.browser.handler.enforce_csrf_checks = False
    run = desk.bring(lines(HEAD, of(Seed.new())))
    answer = desk.post(f"/console/imports/{run.ref}/columns", list=BytesIO(b"x"), email="0")
    assert answer.status_code in (400, 422)
    assert Import.objects.count() == 1


@pytest.mark.parametrize("reason", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_the_problems_file_runs_nothing(desk: Desk, reason: str) -> None:
    run = desk.bring(lines(HEAD, of(Seed.new())))
    Problem.objects.create(run=run, line=2, column=reason, reason=reason)
    assert desk.problems(run)[1] == f"2,'{reason},'{reason}"


def test_the_gate_reads_what_came_in_for_its_purposes_only(desk: Desk) -> None:
    desk.let_in(lines(HEAD, of(Seed.new())))
    person = people().get()
    worker = Actor.system("worker")
    with uses.use(actor=worker, purpose="preferences", person=person, data=[EMAIL]) as opening:
        assert opening.covers(EMAIL)
    with (
        pytest.raises(uses.UseDenied),
        uses.use(actor=worker, purpose="offers", person=person, data=[EMAIL]),
    ):
        pass
