"""Files as people have them, and as nobody should: what is read, and how the rest is refused."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from imports.desk import Desk, lines
from troth.channels.imports import files
from troth.channels.imports.files import FileInvalid, limits
from troth.channels.imports.models import Import

HEAD = ["E-mail", "Name", "Permission"]
ROW = ["zoë@people.example", "Zoë Łącka, jr.", "Fair 2014"]
WINDOWS = ["zoe@people.example", "Zoë “the 1st” Müller", "Fair – 2014"]


def read(content: bytes) -> tuple[str, list[str], list[tuple[int, list[str]]]]:
    sheet = files.read(content)
    return sheet.kind, sheet.head, list(sheet.rows)


def csv(*rows: list[str], separator: str = ",") -> str:
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)


def workbook(*rows: list[Any], **options: Any) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, value in options.items():
        setattr(book.active, name, value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def packed(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "kind"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"),
     ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")],
)  # fmt: skip
def test_letters_and_separators_are_told(encoding: str, kind: str, separator: str) -> None:
    content = csv(HEAD, ROW, separator=separator).encode(encoding)
    told, head, rows = read(content)
    assert told.startswith(f"CSV, {kind}, ")
    assert (head, rows) == (HEAD, [(2, ROW)])


def test_windows_letters_are_told() -> None:
    told, _, rows = read(csv(HEAD, WINDOWS, separator=";").encode("cp1252"))
    assert told == "CSV, Windows-1252, semicolon"
    assert rows == [(2, WINDOWS)]


def test_a_row_may_go_over_lines_and_is_named_by_its_first() -> None:
    text = 'a;b\n"one\ntwo";"x ""y"" z"\n\n;;\nthree;\n'
    assert read(text.encode())[2] == [(2, ["one\ntwo", 'x "y" z']), (6, ["three"])]


def test_a_row_of_another_separator_stays_a_row_and_is_not_guessed_at() -> None:
    assert read(b"a;b\n1,2\n3;4\n")[2] == [(2, ["1,2"]), (3, ["3", "4"])]


def test_cells_of_a_workbook_read_as_a_person_would_write_them() -> None:
    when = dt.datetime(2014, 5, 3)  # noqa: DTZ001 - a spreadsheet knows no zone
    content = workbook(
        ["A", "B", "C", "D", "E"],
        [when, dt.time(9, 30), 1604555.0, 1.5, True],
        [],
        ["=A2", "#N/A", None, "  x ", dt.datetime(2014, 5, 3, 9, 30)],  # noqa: DTZ001
    )
    assert read(content) == (
        "XLSX",
        ["A", "B", "C", "D", "E"],
        [
            (2, ["2014-05-03", "09:30:00", "1604555", "1.5", "True"]),
            (4, ["", "#N/A", "", "x", "2014-05-03 09:30:00"]),
        ],
    )


def test_merged_cells_have_their_value_once() -> None:
    book = openpyxl.Workbook()
    for row in (["A", "B"], ["one", ""], ["two", "three"]):
        book.active.append(row)
    book.active.merge_cells("A2:B2")
    out = BytesIO()
    book.save(out)
    assert read(out.getvalue())[2] == [(2, ["one"]), (3, ["two", "three"])]


def test_a_cell_far_away_costs_nothing() -> None:
    book = openpyxl.Workbook()
    book.active.append(["A", "B"])
    book.active["XFD1048576"] = "x"
    book.active["C300000"] = "y"
    out = BytesIO()
    book.save(out)
    assert read(out.getvalue())[2] == [(300000, ["", "", "y"])]


GOOD = workbook(HEAD, ROW)
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'
REFUSED = {
    "nothing": (b"", "empty", None),
    "blanks": (b"\n \n;;\n", "empty", None),
    "a mark alone": (b"\xef\xbb\xbf", "empty", None),
    "a header alone": (b"E-mail,Name\n", "header", None),
    "a header and blanks": (b"E-mail,Name\n,,\n\n", "header", None),
    "a long line": (b"a,b\n" + b"x" * 10_000_000, "cell", 2),
    "a long cell": (b"a,b\n1,2\n" + b"x" * 100_001, "cell", 3),
    "many columns": (b",".join([b"x"] * 201) + b"\n1", "columns", 1),
    "an open quotation": (b'a,b\n1,2\n"x,y\n3,4\n', "quote", 3),
    "a torn quotation": (b'a,b\n"x"y,2\n', "quote", 2),
    "other letters": (b"a,b\n\x81\x8d,\x8f\x90\n", "encoding", None),
    "half a letter": ("a,b\nx".encode("utf-16") + b"\x00", "encoding", None),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old", None),
    "no zip": (b"PK\x03\x04" + b"not a zip at all" * 40, "zip", None),
    "half a zip": (GOOD[: len(GOOD) // 2], "zip", None),
    "another zip": (packed(readme_txt=b"hello"), "zip", None),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)) * 9, "encoding", None),
    "a bomb": (packed(xl__worksheets__sheet1_xml=b"0" * 210_000_000), "bomb", None),
    "a bomb of texts": (packed(xl__sharedStrings_xml=b"0" * 70_000_000), "bomb", None),
    "a bomb of styles": (packed(xl__styles_xml=b" " * 11_000_000), "bomb", None),
    "entities": (packed(xl__workbook_xml=ENTITIES), "xml", None),
    "wide entities": (packed(xl__workbook_xml=ENTITIES.decode().encode("utf-16")), "xml", None),
    "a workbook of nothing": (workbook(), "empty", None),
    "a workbook of a header": (workbook(HEAD), "header", None),
}


@pytest.mark.parametrize(("content", "fault", "line"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_list_is_refused_with_a_reason(
    content: bytes, fault: str, line: int | None
) -> None:
    with pytest.raises(FileInvalid) as refused:
        read(content)
    assert (refused.value.fault, refused.value.line) == (fault, line)
    assert refused.value.do


def test_more_rows_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.ROWS == 500_000
    monkeypatch.setattr(files, "ROWS", 500)
    with pytest.raises(FileInvalid) as refused:
        read(b"a\n" + b"1\n" * 501)
    assert (refused.value.fault, refused.value.line) == ("rows", 502)


@pytest.mark.parametrize("name", ["nothing", "no zip", "a torn quotation", "a header alone"])
def test_a_refused_file_ends_with_a_page_that_says_what_to_do(desk: Desk, name: str) -> None:
    content, fault, line = REFUSED[name]
    if not content:
        answer = desk.upload(content)
        assert answer.status_code == 422
        assert "The file is empty" in answer.content.decode()
        return
    run = desk.bring(content)
    assert (run.state, run.fault, run.fault_line) == (Import.State.REFUSED, fault, line)
    page = desk.page(run)
    assert "This list does not come in" in page
    assert line is None or f"Line {line}" in page
    assert not run.parts.exists()


HOSTILE = lines(
    "e\u202email,E-mail,E-mail,=cmd|' /C calc'!A0,Permission",
    "x,ada@people.example,y,z,Fair 2014",
    "x,nul\0@people.example,y,z,Fair 2014",
    "x,turned\u202e@people.example,y,z,Fair 2014",
    'x,"two\nlines@people.example",y,z,Fair 2014',
    "x,long" + "g" * 300 + "@people.example,y,z,Fair 2014",
    "x,ada+1@people.example,y,z,Fair 2014,and,more",
    "x,=HYPERLINK(1),y,z,Fair 2014",
)


def test_each_bad_row_is_reported_by_line_and_reason_and_the_good_come_in(desk: Desk) -> None:
    run = desk.let_in(HOSTILE, email="1")
    assert (run.new, run.bad, run.refused) == (1, 6, 0)
    problems = [line.split(",", 1) for line in desk.problems(run)[1:]]
    assert [line for line, _ in problems] == ["3", "4", "5", "7", "8", "9"]
    assert not [text for _, text in problems if "example" in text or "HYPERLINK" in text]


def test_a_workbook_comes_in_by_page_and_worker(desk: Desk) -> None:
    when = dt.date(2014, 5, 3)
    run = desk.let_in(workbook(HEAD, ["ada@people.example", "Ada", when], ["bob@x", "Bob", when]))
    assert (run.kind, run.new, run.bad) == ("XLSX", 1, 1)


def test_a_file_that_is_too_large_is_refused_as_it_comes(desk: Desk) -> None:
    answer = desk.upload(b"a,b\n" + b"x" * (50 * 1024 * 1024))
    assert answer.status_code == 422
    assert "larger than 50 MB" in answer.content.decode()
    assert not Import.objects.exists()
