"""The assessments in the console: their course, the last one's findings, files to hand on."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from console.cast import Company, words
from troth.core import clock
from troth.core.assess import document
from troth.core.assess.models import Assessment
from troth.core.ledger.api import sequence, verifier
from troth.hub.assessing.running import Wanted, run

WITHOUT = ("crawl", "proofs", "audit", "implemented.deployment")
URL = "/console/assessments/"


@pytest.fixture
def assessed(comm100: Company) -> list[Assessment]:
    """One assessment yesterday that looked at less, and one today."""
    with clock.at(clock.now() - timedelta(days=1)):
        first = run(comm100.organisation, Wanted(without=(*WITHOUT, "implemented.backup")))
    return [first, run(comm100.organisation, Wanted(without=WITHOUT))]


def test_before_the_first_it_says_what_to_do(comm100: Company) -> None:
    assert "Nobody has assessed this yet" in comm100.auditor.reads(URL)
    assert comm100.agent.get(URL).status_code == 403


def test_the_course_and_what_changed(comm100: Company, assessed: list[Assessment]) -> None:
    first, last = assessed
    assert first.passed
    assert (last.passed, last.failed) == (False, 1)
    text = comm100.auditor.reads(URL)
    assert "Checks over time" in text
    assert "It does not hold." in text
    assert "Fails now: implemented.backup: No backup of this installation was made." in text
    assert "The first assessment." in text
    assert "One check of the last assessment failed" in comm100.auditor.reads("/console/")
    earlier = comm100.auditor.reads(f"{URL}{first.ref}")
    assert "It holds." in earlier
    assert "No backup" not in earlier


def test_the_files_to_hand_on(comm100: Company, assessed: list[Assessment]) -> None:
    sequence(comm100.organisation)
    answer = comm100.auditor.get(f"{URL}{assessed[1].ref}/assessment.json")
    content = document.check(json.loads(answer.content), verifier(comm100.organisation.pk))
    assert content["counts"]["failed"] == 1
    report = comm100.auditor.get(f"{URL}{assessed[1].ref}/report.html")
    assert report["Content-Disposition"].startswith("attachment")
    assert "No backup of this installation was made." in words(report)
    assert comm100.agent.get(f"{URL}{assessed[1].ref}/report.html").status_code == 403
    assert comm100.auditor.get(f"{URL}nothing/report.html").status_code == 404
