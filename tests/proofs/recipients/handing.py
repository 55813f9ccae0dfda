"""Recipients as the staff see to them: told of, listed, bound; and what comes out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from proofs.company import Company, form, submit
from support.bonds import bonds
from support.reader import Page, Reader

Found = TypeVar("Found")
PAGE = "/console/recipients/of/"


def bind(company: Company, *recipients: str, **how: object) -> None:
    """Enter what recipients showed and assured, on the command line."""
    file = Path(company.site.home) / "bonds.toml"
    file.write_text(bonds(recipients, **how), "utf-8")  # type: ignore[arg-type]
    company.site.run("recipients", "enter", file)


def prepare(staff: Reader, to: str, purpose: str, columns: Iterable[str]) -> Page:
    """Ask for a list; its page."""
    page = staff.get(PAGE + to)
    return submit(staff, page, to="/list", purpose=purpose, column=list(columns))


def download(staff: Reader, page: Page) -> list[dict[str, str]]:
    """The rows of a list that was prepared, by the words of their columns."""
    answer = submit(staff, page, to="/list.csv")
    assert answer.status == 200, answer.words
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def announce(staff: Reader, to: str, purpose: str) -> Page:
    """Have people told of a recipient."""
    return press(staff, to, purpose=purpose, do="announce")


def press(staff: Reader, to: str, **values: str) -> Page:
    """Press a button of a recipient's page, with what belongs to it."""
    page = staff.get(PAGE + to)
    token = dict(form(page, "csrfmiddlewaretoken").fields)["csrfmiddlewaretoken"]
    return staff.post(PAGE + to, [("csrfmiddlewaretoken", token), *values.items()])


def left_out(page: Page) -> dict[str, int]:
    """The reasons for which people are not in a list, with their number."""
    found = re.findall(r"<li>(\d+) (?:person|people) who ([^<]+)</li>", page.text)
    return {why: int(number) for number, why in found}
