"""Who asked to be erased, and what retention ended, do not come back either; the command line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.conftest import WORKER, Company
from support.installations import Installation
from troth.core import clock
from troth.core.keyring.models import Key
from troth.core.people.models import Element, Person
from troth.core.retention.api import run_now
from troth.core.rights import api as rights
from troth.hub.backup.making import make
from troth.hub.backup.restoring import restore
from troth.hub.home import Home


def test_an_erasure_that_was_asked_for_survives_a_restore(company: Company, home: Home) -> None:
    person = company.visitor_writes("ada@marsh.example")
    staying = company.visitor_writes("bea@marsh.example")
    path = make(home.folder / "kept.backup").path
    request = rights.ask("deletion", actor=WORKER, way="account", person=person)
    rights.approve(request, actor=WORKER)
    rights.fulfil(request, actor=WORKER)
    assert not Person.objects.filter(pk=person.pk).exists()
    restored = restore(path, force=True)
    assert restored.again.people == {company.organisation.pk: 1}
    assert list(Person.objects.all()) == [staying]
    assert not Key.objects.filter(owner=person.pk).exists()


@pytest.mark.parametrize("company", ["sqlite"], indirect=True)
def test_what_retention_ended_stays_ended(company: Company, home: Home) -> None:
    with clock.at(datetime.now(UTC) - timedelta(days=800)):
        person = company.visitor_writes("ada@marsh.example")
    company.visitor_writes("bea@marsh.example")
    path = make(home.folder / "kept.backup").path
    run_now()
    restore(path, force=True)
    assert not Element.objects.filter(person=person).exists()
    assert Element.objects.count() == 2


def test_the_command_line_backs_up_and_restores(
    make_installation: Callable[..., Installation], tmp_path: Path
) -> None:
    made = make_installation()
    path = tmp_path / "kept.backup"
    said = made.run("backup", path, "--rehearse").stdout
    assert "Restored for practice beside it" in said
    assert not list(made.home.glob("rehearsed-*")), "nothing of it is left"
    narrow = ("crawl", "proofs", "audit", "accurate", "comprehensive", "displayed", "conforming")
    narrow += ("implemented.installed", "implemented.guessing")
    without = [word for one in narrow for word in ("--without", one)]
    document = tmp_path / "assessment.json"
    made.run("assess", "--json", document, *without, check=False)
    assert "One was restored for practice on" in document.read_text("utf-8")
    assert "written and read back" in said
    assert "keep a copy of the master key file apart" in said
    there = Installation(tmp_path / "there", made.company)
    there.home.mkdir()
    lost = there.run("restore", path, "--without-erasures", check=False)
    assert lost.returncode == 1
    assert "There is no master key" in lost.stderr
    shutil.copyfile(made.home / "master.key", there.home / "master.key")
    log = made.home / "erasures.log"
    assert "Restored: " in there.run("restore", path, "--erasures", log).stdout
