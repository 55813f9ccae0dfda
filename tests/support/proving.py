"""What the proofs of this run showed, written for `troth clauses` and the assessment.

A proof is a test marked `clause(id, ...)` under tests/proofs. It runs under the policy of the
company that its ids name; with ids of several companies, once under each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from support.rendered import whole

ROOT = Path(__file__).resolve().parents[2]
PROOFS = ROOT / "tests" / "proofs"
RESULTS = ROOT / "test-results" / "proofs.json"

_outcomes: dict[str, dict[str, Any]] = {}


def ids_of(marks: Iterable[pytest.Mark]) -> list[str]:
    """The clauses that marks name."""
    return [str(one) for mark in marks for one in mark.args]


def company_of(clause: str) -> str:
    return clause.rpartition("-")[0]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proofs", help="Write what the proofs showed to this file.")
    parser.addoption("--clauses", default="", help="Run the proofs of these clauses alone: a,b,…")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    only = set(filter(None, config.option.clauses.split(",")))
    left_out = []
    for item in items:
        if not item.path.is_relative_to(PROOFS):
            continue
        company = _company(item)
        ids = [
            one for one in ids_of(item.iter_markers("clause")) if company in {"", company_of(one)}
        ]
        item.user_properties.append(("clauses", ids))
        if only and not only & set(ids):
            left_out.append(item)
        if company:
            item.add_marker(pytest.mark.xdist_group(f"proofs-{company}"))
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _company(item: pytest.Item) -> str:
    call: Any = getattr(item, "callspec", None)
    return str(call.params.get("company_key", "")) if call else ""


class _Together:
    """Has the proofs of a company run one after another, whatever order was made before."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=_company)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Together())


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    ids = dict(report.user_properties).get("clauses")
    if ids is None:
        return
    row = _outcomes.setdefault(
        report.nodeid.partition("@")[0], {"clauses": ids, "outcome": "passed", "seconds": 0.0}
    )
    row["seconds"] = round(row["seconds"] + report.duration, 2)
    if report.outcome != "passed":
        row["outcome"] = report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    to = config.option.proofs or (RESULTS if whole(config) else None)
    if to is None or hasattr(config, "workerinput"):
        return
    from troth.core.assess.source import digest  # noqa: PLC0415 - after the settings

    source, file = digest(), Path(to)
    rows = _before(file, source) | {test: {"test": test, **row} for test, row in _outcomes.items()}
    made = datetime.now(UTC).isoformat(timespec="seconds")
    found = {"made": made, "source": source, "proofs": [rows[test] for test in sorted(rows)]}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def _before(file: Path, source: str) -> dict[str, Any]:
    """What an earlier run on the very same source showed: a run of some proofs adds to it."""
    if not file.exists():
        return {}
    found = json.loads(file.read_text("utf-8"))
    return {row["test"]: row for row in found["proofs"]} if found["source"] == source else {}
