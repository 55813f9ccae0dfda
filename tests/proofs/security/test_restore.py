"""A backup brings everything back, but nobody who was erased since."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from proofs.asking import Asker
from proofs.company import Company
from proofs.deciding import answers, passed
from support.installations import Installation
from support.seeded import assert_nowhere

EMAIL = "user.contact.email"


def known(site: Installation, ref: str) -> bool:
    """Whether the gate lets a person's address serve the answer they asked for."""
    done = site.run("why", "--purpose", "support", "--data", EMAIL, "--person", ref, check=False)
    return done.returncode == 0


@pytest.mark.clause("comintech-27")
def test_a_restored_backup_holds_all_but_who_was_erased(
    make_company: Callable[..., AbstractContextManager[Company]],
) -> None:
    with make_company(parts=("web", "worker")) as company:
        site = company.site
        stays, goes = Asker.known(company), Asker.known(company)
        request = goes.ask("deletion")
        people = dict(company.rows("SELECT ref, id FROM people_person"))
        gone = goes.person(request)
        site.run("backup", site.home / "night.backup")
        goes.does(request, "go-on")
        goes.over(request)
        others = [ref for ref in people if ref != gone]
        assert not known(site, gone)
        before = {
            table: company.rows(f"SELECT count(*) FROM {table}")
            for table in ("people_element", "forms_submission", "notices_policyversion")
        }
    (site.home / "main.sqlite3").write_bytes(b"lost")
    (site.home / "main.sqlite3-wal").unlink(missing_ok=True)
    said = site.run("restore", site.home / "night.backup", "--force").stdout
    assert "Erased again: 1 people" in said
    held = [ref for (ref,) in company.rows("SELECT ref FROM people_person")]
    assert set(others) <= set(held)
    assert gone not in held
    assert not known(site, gone)
    assert any(known(site, ref) for ref in others)
    after = {table: company.rows(f"SELECT count(*) FROM {table}") for table in before}
    assert after == before
    assert "all as signed" in site.run("ledger", "verify").stdout
    (site.home / "night.backup").unlink()
    assert_nowhere([goes.seed.email, goes.seed.name, stays.seed.email], site.home)
    assert passed(answers(site, purposes=["support"], data=[EMAIL]))
