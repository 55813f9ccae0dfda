"""What somebody was shown, and in which version: a count while they are nobody, their own receipt
once they are somebody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from proofs.company import Company, publish
from proofs.visiting import FIREFOX
from support.reader import Reader
from support.seeded import Seed


def begun(company: Company) -> dict[str, int]:
    """Visits that began today under each version."""
    today = datetime.now(UTC).date().isoformat()
    rows = company.rows("SELECT version, visits FROM notices_shown WHERE day = ?", today)
    return dict(rows)


def arrive(company: Company, **headers: str) -> Reader:
    reader = company.reader(**{"User-Agent": FIREFOX} | headers)
    reader.get("/", Referer="https://search.example/")
    return reader


def proven(company: Company, receipt: Path) -> str:
    """The version a receipt proves, checked offline."""
    key = company.site.run("ledger", "key").stdout.strip()
    said = company.site.run("ledger", "check-receipt", receipt, "--key", key).stdout
    assert "The receipt holds" in said
    found: str = json.loads(receipt.read_text())["entry"]["version"]
    return found


@pytest.mark.clause("com1-07")
def test_the_version_shown_is_noted_at_the_first_visit_and_provable_at_sign_up(
    make_company: Callable[..., AbstractContextManager[Company]], tmp_path: Path
) -> None:
    with make_company() as company:
        first = re.findall(
            r'version = "([^"]+)"', Reader(company.site.url).get("/policy.toml").text
        )[0]
        assert begun(company) == {}, "what is no browser is nobody's visit"
        reader = arrive(company)
        assert begun(company) == {first: 1}
        reader.get("/policy", Referer=f"{reader.base}/")
        assert begun(company) == {first: 1}, "the visit goes on"
        columns = {row[1] for row in company.rows("PRAGMA table_info(notices_shown)")}
        assert columns == {"id", "organisation_id", "version", "day", "visits"}
        assert company.rows("SELECT count(*) FROM people_person") == [(0,)], "nobody is made of it"

        def sign_up(reader: Reader) -> Path:
            seed = Seed.new()
            sent = company.send(
                reader, "contact", name=seed.name, email=seed.email, message=seed.message
            )
            receipt = reader.get(sent.url.partition("?")[0] + "/receipt.json")
            file = tmp_path / f"{seed.name}.json"
            file.write_bytes(receipt.content)
            return file

        under_first = sign_up(reader)
        publish(company.site, lambda text: text.replace(first, f"{first}-next", 1))
        newcomer = arrive(company)
        assert begun(company)[f"{first}-next"] == 1, "a visit under the new version is one of it"
        under_next = sign_up(newcomer)
        assert proven(company, under_first) == first, "the old one still says what was shown then"
        assert proven(company, under_next) == f"{first}-next"
        page = company.staff().get("/console/policy")
        assert "visits of people who gave nothing began with this version" in page.words
        choices = company.rows("SELECT count(*) FROM choices_choice WHERE decision = 'given'")
        assert choices == [(0,)], "shown is not agreed to"
