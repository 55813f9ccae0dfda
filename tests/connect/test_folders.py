"""Folders of CSV files."""

from __future__ import annotations

from pathlib import Path

import pytest

from connect.shops import ADA, ODD, subject
from troth.core.connect.dataset import read
from troth.core.connect.folders import Folder
from troth.core.rights.sources import SourceInvalid, SourceMissing

TEXT = """
dataset:
  - fides_key: lists
    collections:
      - name: people
        fields:
          - {name: number, fides_meta: {primary_key: true}}
          - {name: mail, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: name, data_categories: [user.name]}
      - name: calls
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: person
            fides_meta: {references: [{dataset: lists, field: people.number, direction: from}]}
          - {name: about, data_categories: [user.content.private]}
"""
QUOTED = ODD.replace('"', '""')
PEOPLE = f'number,mail,name,plan\n1,Ada@customers.example,"{QUOTED}",a\n2,bob@x.example,Bob,b\n'
CALLS = 'id,person,about\n1,1,"line\nbreak"\n2,2,his\n'


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "calls.csv").write_text(CALLS, "utf-8")
    return Folder("lists", "Lists", read(TEXT), tmp_path)


def test_files_are_shown_corrected_and_erased_like_tables(folder: Folder) -> None:
    assert {one.value for one in folder.found(subject())} == {
        "Ada@customers.example",
        ODD,
        "line\nbreak",
    }
    assert folder.run("correct", "correction", subject(), {"user.name": "Ada, 2nd"}) == 1
    assert '1,Ada@customers.example,"Ada, 2nd",a\n' in (folder.folder / "people.csv").read_text()
    assert folder.run("erase", "deletion", subject(), {}) == 2
    assert (folder.folder / "people.csv").read_text() == (
        "number,mail,name,plan\n1,,,a\n2,bob@x.example,Bob,b\n"
    )
    assert (folder.folder / "calls.csv").read_text() == "id,person,about\n2,2,his\n"
    assert folder.check("deletion", subject(), {}) == []
    assert folder.run("erase", "deletion", subject(), {}) == 0
    assert not list(folder.folder.glob("*.troth"))


def test_the_file_with_the_identifiers_is_replaced_last(folder: Folder) -> None:
    folder.run("erase", "deletion", subject(), {})
    people, calls = (folder.folder / f"{name}.csv" for name in ("people", "calls"))
    assert folder._distances() == {"people": 0, "calls": 1}
    people.write_text(PEOPLE, "utf-8")  # as a kill before the last file would leave it
    assert folder.run("erase", "deletion", subject(), {}) == 1
    assert "Ada" not in people.read_text("utf-8") + calls.read_text("utf-8")


def test_a_file_that_is_not_there_or_broken_keeps_the_request_open(folder: Folder) -> None:
    for broken in ("", "number,number\n", "number,mail,name\n1,2\n", 'number\n"open\n'):
        (folder.folder / "people.csv").write_text(broken)
        with pytest.raises((SourceMissing, SourceInvalid)) as refused:
            folder.run("erase", "deletion", subject(), {})
        assert ADA not in str(refused.value)
    (folder.folder / "people.csv").unlink()
    with pytest.raises(SourceMissing, match=r"people\.csv"):
        list(folder.found(subject()))


def test_a_table_is_no_way_out_of_the_folder(folder: Folder) -> None:
    out = Folder("x", "X", read(TEXT.replace("name: people", "name: ../people")), folder.folder)
    with pytest.raises(SourceMissing, match="no name of a file"):
        list(out.found(subject()))
