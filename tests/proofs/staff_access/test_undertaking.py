"""Who has not promised confidentiality sees nobody's data."""

from __future__ import annotations

import pytest

from proofs.company import Company, submit


@pytest.mark.clause("com1-10")
def test_no_data_opens_before_confidentiality_is_promised(company: Company) -> None:
    newcomer = company.new_staff("Owner", promised=False)
    for path in ("/console/", "/console/people", "/console/inbox/", "/console/ledger"):
        assert newcomer.get(path).url.endswith("/console/undertaking")
    submit(newcomer, newcomer.get("/console/undertaking"), to="undertaking", promise="on")
    assert newcomer.get("/console/people").url.endswith("/console/people")
