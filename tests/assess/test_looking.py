"""The parts of an assessment that need no installation."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from importlib.metadata import Distribution
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django
import pytest

django.setup()  # the checks register themselves with Django's apps

from troth import policy as policies  # noqa: E402
from troth.core.assess.checks import checks, perform  # noqa: E402
from troth.core.assess.comprehensive import recipient_at  # noqa: E402
from troth.core.assess.duties import judged  # noqa: E402
from troth.core.assess.meaning import category_of, is_choice  # noqa: E402
from troth.core.assess.reading import grade  # noqa: E402
from troth.core.assess.seen import SeenField  # noqa: E402
from troth.core.errors import Invalid  # noqa: E402
from troth.hub.assessing import dependencies  # noqa: E402
from troth.policy import Policy, read  # noqa: E402

POLICIES = Path(__file__).resolve().parents[2] / "policies"


@pytest.fixture(scope="module")
def policy() -> Policy:
    found = read((POLICIES / "comantra.toml").read_text("utf-8"), name="comantra.toml").policy
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("field", "category"),
    [
        (SeenField("/", "a", "", "email"), "user.contact.email"),
        (SeenField("/", "a", "", "text", "section-x shipping tel"), "user.contact.phone_number"),
        (SeenField("/", "a", "Your e-mail", "text", "username"), "user.contact.email"),
        (SeenField("/", "passport_no", "", "text"), "user.government_id"),
        (SeenField("/", "zzz", "", "text"), ""),
    ],
)
def test_what_a_control_asks_for(field: SeenField, category: str, policy: Policy) -> None:
    assert category_of(field, policy) == category


def test_a_choice_among_what_is_offered_is_no_data_element(policy: Policy) -> None:
    assert is_choice(SeenField("/", "purposes", "News", "checkbox"), policy)
    assert is_choice(SeenField("/", "element", "", "select-one"), policy)
    assert not is_choice(SeenField("/", "c", "", "select-one", "country"), policy)


def test_a_host_belongs_to_the_recipient_that_names_its_domain(policy: Policy) -> None:
    assert recipient_at(policy, "cdn.footfall-tags.example") == "tag-company"
    assert recipient_at(policy, "footfall-tags.example.org") == ""
    assert recipient_at(policy, "example") == ""


def test_the_grade_rises_with_sentences_and_words() -> None:
    plain = grade("We keep your name. We keep it for a year. Then it goes.")
    hard = grade(
        "Notwithstanding aforementioned considerations, personally identifiable information "
        "necessitated by contractual administration is retained in perpetuity."
    )
    assert plain is not None
    assert hard is not None
    assert plain < 4
    assert hard > 16
    assert grade("123 – §") is None


def test_what_cannot_be_left_out_is_refused() -> None:
    nothing: Any = SimpleNamespace(outcomes={})
    with pytest.raises(Invalid, match="crawll"):
        perform(nothing, without=["crawll"])
    assert {"crawl", "proofs", "audit"} <= {one.by for one in checks().values()}


def _audit(tmp_path: Path, **vulns: list[dict[str, Any]]) -> list[tuple[str, str]]:
    pinned = [(name, version) for name, version, _, _ in dependencies.locked()]
    rows = [{"name": n, "version": v, "vulns": vulns.get(n, [])} for n, v in pinned]
    report = tmp_path / "audit.json"
    report.write_text(json.dumps({"dependencies": rows, "fixes": []}), "utf-8")
    situation: Any = SimpleNamespace(audit=report)
    return [(one.state, one.where) for one in dependencies.audit(situation)]


def test_a_weakness_that_is_known_fails(tmp_path: Path) -> None:
    assert {state for state, _ in _audit(tmp_path)} == {"held"}
    known = {"id": "PYSEC-2026-1", "fix_versions": ["99.1"]}
    assert ("failed", "django") in _audit(tmp_path, django=[known])


def test_an_audit_of_something_else_says_nothing_about_this(tmp_path: Path) -> None:
    report = tmp_path / "audit.json"
    report.write_text(json.dumps({"dependencies": []}), "utf-8")
    situation: Any = SimpleNamespace(audit=report)
    assert [one.state for one in dependencies.audit(situation)] == ["failed"]


def test_every_line_of_the_lock_is_read() -> None:
    text = dependencies.LOCK.read_text("utf-8")
    assert len(dependencies.locked()) == text.count("==")
    assert all(hashes for _, _, _, hashes in dependencies.locked())


def test_a_module_that_was_changed_after_it_was_installed_is_named(tmp_path: Path) -> None:
    info = tmp_path / "shop-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n")
    lines = []
    for name in ("shop.py", "till.py", "gone.py", "notes.txt"):
        (tmp_path / name).write_text(f"# {name}\n")
        digest = urlsafe_b64encode(sha256(f"# {name}\n".encode()).digest()).decode().rstrip("=")
        lines.append(f"{name},sha256={digest},10\n")
    (info / "RECORD").write_text("".join([*lines, "shop-1.0.dist-info/RECORD,,\n"]))
    package = Distribution.at(info)
    assert dependencies.compared(package) == (3, [])
    for name in ("till.py", "notes.txt"):
        (tmp_path / name).write_text("import os\n")
    (tmp_path / "gone.py").unlink()
    assert dependencies.compared(package) == (3, ["till.py", "gone.py"])


@pytest.mark.parametrize("basis", ["essential", "opt-in", "prohibited"])
def test_where_a_machine_judges_people_they_can_refuse_it(basis: str) -> None:
    source = (POLICIES / "comantra.toml").read_text("utf-8")
    before = policies.compile(_policy(source))
    assert [one.state for one in judged(before)] == ["held"]
    rules = policies.compile(
        _policy(
            source
            + f"""
[purposes.scoring]
clause = "99.1"
use = "essential.fraud_detection"
label = "Scoring"
basis = "{basis}"
text = "A machine looks at orders."
"""
        )
    )
    [found] = judged(rules)
    assert (found.state, found.where) == (
        "failed" if basis == "essential" else "held",
        "scoring",
    )


def _policy(source: str) -> Policy:
    found = read(source, name="comantra.toml").policy
    assert found is not None
    return found
