"""Grounds that are no court's order: each is one of the policy's, written down, and seen by two."""

from __future__ import annotations

import pytest

from proofs.casework import WRITTEN, Case, ask, bodies, wrote
from proofs.company import Company
from proofs.customers import Customer

NAME, CONTENT = "user.name", "user.content.private"


@pytest.mark.clause("comantra-19", "comantra-20", "com1-23", "com1-27", "com1-29")
def test_each_ground_is_picked_written_down_and_seen_by_two(company: Company) -> None:
    named, other = (wrote(company, Customer.new(company)) for _ in range(2))
    people = named.seed.email
    clauses = {
        # clause: to, a ground of its list, what has to be written, which data
        "comantra": {
            "4.23": ("police", "good-faith-report", ("belief", "authority"), NAME),
            "4.24": ("rescuers", "safety", ("reason",), NAME),
        },
        "com1": {
            "5.15": ("counsel", "legal-action", ("reason",), NAME),
            "6.3": ("counsel", "legitimate-interests", ("balance",), CONTENT),
            "6.5": ("police", "inadvertent-crime", ("how", "authority"), CONTENT),
        },
    }[company.site.company]
    for clause, (to, ground, writings, data) in clauses.items():
        assert company.why(purpose="legal", data=data, to=to).startswith("denied")
        assert ask(company, clause, people=people, ground="").status == 422, clause
        assert ask(company, clause, people=people, ground="court-order").status == 422, clause
        for writing in writings:
            assert ask(company, clause, people=people, **{writing: ""}).status == 422, writing
        case = Case.open(company, clause, people=people, ground=ground, categories=[data])
        assert case.hand_over().status == 403
        assert "has to look at it now" in case.does("submit").words
        assert case.does("approve").status == 403
        assert case.hand_over().status == 403
        case = Case.open(company, clause, people=people, ground=ground, categories=[data])
        bundle = case.approved().bundle()
        [person] = bundle.data["people"]
        seed = named.seed
        wanted, left = (seed.name, seed.message) if data == NAME else (seed.message, seed.name)
        assert [one["value"] for one in person["held"]] == [wanted]
        for secret in (left, seed.email, *other.seed.values()):
            assert secret not in bundle.everything, clause
        # What was believed or weighed, by whom it was decided, and what was given, is on record.
        page = case.page()
        for writing in writings:
            assert WRITTEN[writing][:40] in page.words, writing
        told = {one["act"]: one for one in bodies(company, case.ref)}
        assert told["cases.opened"]["detail"]["ground"] == ground
        assert told["cases.approved"]["actor"] != told["cases.opened"]["actor"]
        assert told["gate.disclosed"]["subject"] == person["person"]
        assert told["gate.disclosed"]["to"] == to
        assert told["gate.disclosed"]["clause"] == clause
        assert told["gate.disclosed"]["data"] == [data]
