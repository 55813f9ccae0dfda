"""An installation made by the command line serves its site on both databases."""

from __future__ import annotations

import urllib.request

from support.installations import Site
from support.seeded import Seed, assert_nowhere


def test_the_site_answers_and_its_ledger_holds(any_site: Site) -> None:
    with urllib.request.urlopen(any_site.url, timeout=20) as answer:
        page = answer.read().decode("utf-8")
    assert answer.status == 200
    assert "Comm100" in page
    assert any_site.run("ledger", "verify").returncode == 0
    assert_nowhere(Seed.new().values(), any_site.home)


def test_a_wrong_command_is_told_and_no_traceback(any_site: Site) -> None:
    done = any_site.run("no-such-command", check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
