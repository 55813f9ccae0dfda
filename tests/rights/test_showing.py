"""The access package: complete, readable offline, and asking nothing of anybody."""

from __future__ import annotations

import io
import json
import re
import zipfile
from html.parser import HTMLParser

import jsonschema
import pytest

from rights.conftest import EMAIL, FORM, NAME, WORKER, Company, done
from troth.core.errors import Denied
from troth.core.gate import uses
from troth.core.gate.collecting import collect
from troth.core.people.records import Given
from troth.core.rights import api as rights

ADA = "ada@marsh.example"
NASTY = "<script>alert('x')</script> {{ policy }}"


def opened(made: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


class Requests(HTMLParser):
    """What a browser would fetch, run or send."""

    FETCHING = frozenset({"src", "href", "srcset", "action", "data", "poster", "xlink:href"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "iframe", "object", "embed", "form", "base"):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on"):
                self.found.append(name)
            if name in self.FETCHING and not (value or "").startswith("#"):
                self.found.append(f"{name}={value}")


def test_the_package_tells_all_and_asks_nothing(company: Company) -> None:
    company.writes("bea@marsh.example", "A secret of Bea", name="Bea Marsh")
    company.buys(ADA)
    person = company.writes(ADA, NASTY)
    with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
        pass
    company.tells_the_yard(person)
    request = done("access", person)
    assert request.state == "done"
    files = opened(rights.package(request))
    page, data = files["your-data.html"], json.loads(files["your-data.json"])
    jsonschema.validate(
        data,
        json.loads(files["your-data.schema.json"]),
        format_checker=jsonschema.FormatChecker(),
    )
    values = [one["value"] for one in data["records"]]
    for value in (ADA, "Ada Marsh", "Ada Invoice", "1 Quay Street", "token-4711", NASTY):
        assert value in values
    for text in (ADA, "Ada Invoice", "1 Quay Street", "Answering questions", "The Yard"):
        assert text in page
    assert "&lt;script&gt;alert" in page
    for file in files.values():
        assert "Bea" not in file
        assert "bea@marsh.example" not in file
    assert not any(one["offline"] for one in data["records"])
    record = next(one["value"] for one in data["records"] if one["label"] == "Your record")
    assert record["standing"] == "Prospective client"
    assert "Entered by our staff" not in page
    email = next(one for one in data["records"] if one["value"] == ADA)
    assert (email["collected_at_place"], email["clause"]) == ("Ask us", "2.1")
    assert "support" in email["purposes"]
    assert any("The system read your" in one["text"] for one in data["ledger"])
    assert any("The Yard" in one["text"] for one in data["ledger"])
    parser = Requests()
    parser.feed(page)
    assert parser.found == []
    assert not re.search(r"url\(|@import", page)
    assert "<svg" in page


def test_what_came_on_paper_is_said_to_have(company: Company) -> None:
    person = company.writes(ADA)
    given = [Given("name", NAME, "Ada on paper")]
    with collect(actor=WORKER, touchpoint=FORM, data=[NAME], offline=True) as point:
        point.hold(person, given)
    files = opened(rights.package(done("access", person)))
    records = json.loads(files["your-data.json"])["records"]
    assert [one["value"] for one in records if one["offline"]] == ["Ada on paper"]
    assert files["your-data.html"].count("Entered by our staff") == 1


def test_nothing_is_packed_for_whoever_is_not_known(company: Company) -> None:
    person = company.writes(ADA)
    request = rights.ask("access", actor=WORKER, way="mail", person=person)
    with pytest.raises(Denied):
        rights.package(request)
    deletion = rights.ask("deletion", actor=WORKER, way="account", person=person)
    with pytest.raises(Denied):
        rights.package(deletion)


def test_a_locked_value_is_shown_to_its_person(company: Company) -> None:
    person = company.buys(ADA)
    done("deletion", person)
    person.refresh_from_db()
    files = opened(rights.package(done("access", person)))
    data = json.loads(files["your-data.json"])
    kept = {one["value"] for one in data["records"] if one["category"].startswith("user")}
    assert kept == {"Ada Invoice", "1 Quay Street"}
    assert any(one["category"] == NAME for one in data["records"])
