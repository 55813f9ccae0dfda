"""A list comes in: from the upload to the people, by page and worker."""

from __future__ import annotations

from imports.desk import Desk, lines
from troth.channels.imports.models import Import
from troth.core.people.models import Person


def test_a_list_comes_in(desk: Desk) -> None:
    run = desk.let_in(
        lines(
            "E-mail;Full name;Shoe size;Permission",
            "ada@people.example;Ada Example;38;Fair in Ghent, 3 May 2014",
            "bob@people.example;Bob Example;44;",
            "carl@people;Carl;43;2014-05-03",
        )
    )
    assert run.state == Import.State.DONE
    assert (run.new, run.known, run.refused, run.bad) == (1, 0, 1, 1)
    assert Person.objects.filter(users=None).count() == 1
    assert [line.split(",")[:2] for line in desk.problems(run)[1:]] == [
        ["3", "When and how you gave permission"],
        ["4", "E-mail address"],
    ]
