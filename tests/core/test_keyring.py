"""The master key: rotation while the site runs, and what a wrong or missing one says."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connections

from core.conftest import WORKER, Company
from troth.core.errors import Refusal
from troth.core.gate import uses
from troth.core.keyring import master, store
from troth.core.keyring.models import Key
from troth.core.keyring.rotation import rotate
from troth.core.keyring.store import check_key
from troth.core.organisations.scope import scope
from troth.core.people.models import Element
from troth.hub.home import Home

EMAIL = "user.contact.email"


@pytest.fixture
def key_file(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The company's keys under a master key in a file, as in a real installation."""
    path = tmp_path / "master.key"
    master.write(path, [os.environ["TROTH_MASTER_KEY"]])
    monkeypatch.delenv("TROTH_MASTER_KEY")
    monkeypatch.setenv("TROTH_MASTER_KEY_FILE", str(path))
    monkeypatch.setattr(settings, "HOME", Home(tmp_path))
    return path


def test_rotation_wraps_every_key_anew_and_retires_the_old(
    company: Company, key_file: Path
) -> None:
    person = company.visitor_writes("ada@marsh.example")
    old = key_file.read_text()
    assert rotate() == Key.objects.count()
    assert old not in key_file.read_text()
    assert len(master.lines(key_file.read_text())) == 1
    assert set(Key.objects.values_list("master", flat=True)) == {master.masters().current}
    with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
        assert Element.objects.get(category=EMAIL).value == "ada@marsh.example"


def test_rotation_goes_on_after_it_was_cut_short(company: Company, key_file: Path) -> None:
    for number in range(5):
        company.visitor_writes(f"ada{number}@marsh.example")
    master.write(key_file, [master.new_line(), *master.lines(key_file.read_text())])
    person = company.visitor_writes("bea@marsh.example")  # sealed in the middle of it
    rotate()
    with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
        assert Element.objects.get(person=person, category=EMAIL).value == "bea@marsh.example"


def test_people_arriving_during_rotations_lose_no_key(company: Company, key_file: Path) -> None:
    stop, failures = threading.Event(), list[BaseException]()
    people = []

    def arrive() -> None:
        try:
            with scope(company.organisation):
                while not stop.is_set():
                    people.append(company.visitor_writes(f"n{len(people)}@marsh.example"))
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)
        finally:
            for connection in connections.all():
                connection.close()

    arriving = threading.Thread(target=arrive)
    arriving.start()
    try:
        for _ in range(3):
            rotate()
    finally:
        stop.set()
        arriving.join()
    assert not failures
    assert people
    for person in people:
        with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
            element = Element.objects.get(person=person, category=EMAIL)
            assert isinstance(element.value, str)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no master key"),
        ("", "empty"),
        ("abc:notbase64!\n", "Line 1"),
        ("abc:c2hvcnQ=\n", "Line 1"),
        (f"other:{'A' * 43}=\n", "is not there"),
    ],
)
def test_a_wrong_or_missing_key_is_told_in_words(
    company: Company, key_file: Path, content: str | None, words: str
) -> None:
    store._singles.clear()  # a new process
    check_key()
    store._singles.clear()
    if content is None:
        key_file.unlink()
    else:
        key_file.write_text(content)
    with pytest.raises(Refusal, match=words) as caught:
        check_key()
    assert caught.value.do
    store._singles.clear()


def test_another_key_under_the_same_name_is_told_apart(company: Company, key_file: Path) -> None:
    store._singles.clear()
    check_key()
    store._singles.clear()
    name = key_file.read_text().partition(":")[0]
    key_file.write_text(f"{name}:{master.new_line().partition(':')[2]}\n")
    with pytest.raises(Refusal, match="does not open this keyring"):
        check_key()
    store._singles.clear()


@pytest.mark.parametrize(
    ("kind", "owned"), [(Key.Kind.INDEX, True), (Key.Kind.SIGNING, True), (Key.Kind.CHECK, False)]
)
def test_two_at_once_cannot_make_a_key_of_which_there_is_one(
    company: Company, kind: Key.Kind, owned: bool
) -> None:
    store._singles.clear()
    check_key()
    organisation = company.organisation.pk if owned else None
    row = {"organisation": organisation, "kind": kind, "master": "m", "wrapped": b"x"}
    Key.objects.filter(organisation=organisation, kind=kind).delete()
    Key.objects.create(**row)
    with pytest.raises(IntegrityError):
        Key.objects.create(**row)


def test_a_destroyed_key_is_in_no_file_of_the_keyring(company: Company) -> None:
    if company.server is not None:
        return
    person = company.visitor_writes("ada@marsh.example")
    wrapped = bytes(Key.objects.get(owner=person.pk).wrapped)

    def files_with_it() -> list[str]:
        files = company.folder.glob("keyring.sqlite3*")
        return [path.name for path in files if wrapped in path.read_bytes()]

    assert files_with_it()
    store.destroy_person_keys([person.pk], company.organisation.pk)
    assert not files_with_it()


def test_the_key_file_is_its_owners_alone_whatever_stood_there(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    (tmp_path / "master.new").write_text("left by a crash")
    (tmp_path / "master.new").chmod(0o644)
    master.write(path, [master.new_line()])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
