"""What a policy covers stands in its file, and on the page that people read."""

from __future__ import annotations

import tomllib

import pytest

from proofs.company import Company


@pytest.mark.clause("comm100-03", "comindware-01")
def test_the_page_says_what_the_policy_covers_and_what_not(company: Company) -> None:
    reader = company.reader()
    page, source = reader.get("/policy"), reader.get("/policy.toml")
    clauses = tomllib.loads(source.text)["scope"]
    assert clauses
    for clause in clauses:
        assert clause["text"].strip() in page.words
        for subject in (*clause.get("covers", ()), *clause.get("excludes", ())):
            assert subject in page.words
