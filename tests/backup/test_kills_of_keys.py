"""SIGKILL between the statements of a rotation and of a merge: done whole, or done again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connections

from backup.dying import die_at, points
from backup.test_kills import readable
from core.conftest import Company
from troth.core.actors import Actor
from troth.core.gate.merging import merge
from troth.core.keyring import master
from troth.core.keyring.models import Key
from troth.core.keyring.rotation import rotate
from troth.core.people.models import Person
from troth.hub.home import Home

CLI = Actor.system("cli")
KILLS = 6


def test_a_rotation_that_is_killed_goes_on(
    company: Company, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path: Path = home.master_key_file
    master.write(path, [os.environ["TROTH_MASTER_KEY"]])
    monkeypatch.delenv("TROTH_MASTER_KEY")
    people = {f"{name}@marsh.example" for name in ("ada", "bea", "cyd")}
    for address in people:
        company.visitor_writes(address)
    steps = die_at(0, rotate, statements=True)
    for point in points(steps, KILLS):
        assert die_at(point, rotate, statements=True) == -1
        connections.close_all()
        assert readable() == people, f"readable also before it goes on, killed at {point}"
        rotate()
        assert len(master.lines(path.read_text())) == 1
        assert set(Key.objects.values_list("master", flat=True)) == {master.masters().current}
        assert readable() == people


def test_a_merge_that_is_killed_happened_or_did_not(company: Company, home: Home) -> None:
    one, other = (company.visitor_writes(f"{name}@marsh.example") for name in ("ada", "bea"))

    def join() -> None:
        merge(other, into=one, actor=CLI)

    def joined() -> tuple[bool, bool]:
        row = Person.objects.get(pk=other.pk)
        return row.merged_into_id == one.pk, row.root_id == one.pk

    for point in range(1, 60):
        killed = die_at(point, join, statements=True) == -1
        connections.close_all()
        assert joined() in {(True, True), (False, False)}, point
        if not killed:
            break
    assert joined() == (True, True)
