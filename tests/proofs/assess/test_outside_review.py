"""An outside reviewer gets a signed assessment and checks it without the company."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from proofs.assess.assessing import assess
from proofs.company import Company
from proofs.conftest import Make
from support.installations import Installation


def _holds(text: str, key: str) -> bool:
    """The note over the assessment, checked with nothing of Troth's."""
    document = json.loads(text)
    signed, _, tail = document["note"].rpartition("\n\n")
    digest = sha256(rfc8785.dumps(document["assessment"])).hexdigest()
    public = Ed25519PublicKey.from_public_bytes(b64decode(key.split("+", 2)[2])[1:])
    try:
        public.verify(b64decode(tail.split()[2])[4:], f"{signed}\n".encode())
    except InvalidSignature:
        return False
    return bool(signed.endswith(f"\n{digest}"))


@pytest.mark.clause("comm100-01")
def test_an_outside_reviewer_checks_the_export_offline(make_company: Make, tmp_path: Path) -> None:
    with make_company() as company:
        _check_the_export(company, tmp_path)


def _check_the_export(company: Company, tmp_path: Path) -> None:
    done = assess(company.site)
    assert done.status == 0, done.said
    auditor = company.staff("Auditor")
    key = auditor.get("/console/ledger/proof").words.partition("--key … ")[2].split()[0]
    page = auditor.get("/console/assessments/").text
    [link] = re.findall(r'href="(/console/assessments/\w+)/assessment\.json"', page)
    text = auditor.get(f"{link}/assessment.json").text
    report = auditor.get(f"{link}/report.html").words
    assert "It holds." in report
    assert key in report
    assert company.staff("Agent").get(f"{link}/report.html").status == 403

    outside = Installation(tmp_path / "no-installation")
    file = tmp_path / "assessment.json"

    def check(content: str) -> str:
        file.write_text(content, "utf-8")
        done = outside.run("assess", "verify", file, "--key", key, check=False)
        assert (done.returncode == 0) is _holds(content, key)
        return done.stdout + done.stderr

    assert "It passed" in check(text)
    assert '"failed"' not in text.replace('"failed": 0', "")
    changed = text.replace('"held": ', '"held": 1')
    assert "does not hold" in check(changed)
    # The signature alone tells it too, where somebody took the ledger's receipt away.
    assert "No receipt" in check(json.dumps(json.loads(text) | {"receipt": None}))
    assert "does not hold" in check(json.dumps(json.loads(changed) | {"receipt": None}))


@pytest.mark.clause("comindware-18")
def test_the_assessment_has_the_dependency_audit_and_the_attack_log(company: Company) -> None:
    only = ("crawl", "proofs", "accurate", "comprehensive", "conforming", "implemented.backup")
    only = (*only, "implemented.installed", "implemented.safeguards")
    quiet = assess(company.site, without=(*only, "audit"))
    assert quiet.status == 0, quiet.said
    before = dict(quiet.findings("implemented.attacks", "held"))["gate.denied"]
    company.reader().post("/forms/contact", [("nonce", "made up"), ("shoe_size", "44")])
    submitted = company.reader()
    page = submitted.get("/forms/contact")
    [nonce] = page.inputs("nonce")
    refused = submitted.post("/forms/contact", [("nonce", nonce), ("shoe_size", "44")])
    assert refused.status >= 400
    report = company.site.home / "audit.json"
    lock = Path(__file__).resolve().parents[3] / "locks" / "run.txt"
    lines = lock.read_text("utf-8").splitlines()
    pins = [one.split(";")[0].strip(" \\").split("==") for one in lines if "==" in one]
    rows = [{"name": name, "version": pin, "vulns": []} for name, pin in pins]

    def audited() -> set[str]:
        report.write_text(json.dumps({"dependencies": rows, "fixes": []}), "utf-8")
        run = assess(company.site, "--audit", report, without=only)
        assert (run.status == 0) is not bool(run.findings("implemented.audit"))
        assert dict(run.findings("implemented.attacks", "held"))["gate.denied"] != before
        return run.places("implemented.audit")

    assert audited() == set()
    rows[0]["vulns"] = [{"id": "PYSEC-2026-1", "fix_versions": []}]
    assert audited() == {rows[0]["name"]}
