"""Outside databases in the console."""

from __future__ import annotations

from collections.abc import Callable

from console.cast import Company, words
from troth.core.connect.models import Connection
from troth.core.ledger.models import Pending
from troth.core.organisations.scope import scope

URL = "/console/settings/connections"
TEXT = """
service:
  name: The letter sender
  identity: user.contact.email
  timeout: 1
  tries: 1
  access: {path: "/people/{identity}", found: [{at: /name, category: user.name}]}
"""


def _given(**more: str) -> dict[str, str]:
    return {"key": "letters", "address": "http://127.0.0.1:1", "secret": "s3cret",
            "description": TEXT} | more  # fmt: skip


def test_an_owner_connects_tries_and_takes_out(comm100: Company) -> None:
    assert "Nothing is connected" in comm100.owner.reads(URL)
    assert "Description" in comm100.owner.reads(f"{URL}/new")
    assert comm100.owner.post(f"{URL}/new", **_given()).status_code == 302
    page = comm100.owner.reads(URL)
    assert "The letter sender letters" in page
    assert "cannot be reached" in page
    assert "s3cret" not in page
    with scope(comm100.organisation):
        row = Connection.objects.get()
        assert b"s3cret" not in bytes(row.secret)
        row.faults = [{"key": "no-index", "place": "orders.customer_id", "stops": "nothing"}]
        row.save()
    assert "orders.customer_id : it has no index" in comm100.owner.reads(URL)
    assert comm100.owner.post(f"{URL}/letters/check").status_code == 302
    assert "Take The letter sender out?" in comm100.owner.reads(f"{URL}/letters/remove")
    assert comm100.owner.post(f"{URL}/letters/remove").status_code == 302
    assert "Nothing is connected" in comm100.owner.reads(URL)
    told = [b for b in map(bytes, Pending.objects.values_list("body", flat=True))
            if b"connect.changed" in b]  # fmt: skip
    assert len(told) == 2


def test_what_cannot_be_entered_is_said_and_nothing_of_the_machine_is_reached(
    comm100: Company,
) -> None:
    for wrong in (
        {"address": "sqlite:////etc/passwd"},
        {"address": "folder:/etc"},
        {"address": "postgres:///shop?host=/run/postgresql"},
        {"address": "mysql://root@db/shop?read_default_file=/etc/my.cnf"},
        {"address": "ftp://x"},
        {"description": "service: {}"},
        {"key": "Not a key"},
    ):
        answer = comm100.owner.post(f"{URL}/new", **_given(**wrong))
        assert answer.status_code == 400, wrong
        assert "s3cret" not in words(answer)
    with scope(comm100.organisation):
        assert not Connection.objects.exists()


def test_connections_are_for_who_may_and_of_one_company(
    comm100: Company, companies: Callable[[str], Company]
) -> None:
    for other in (comm100.agent, comm100.marketing, comm100.auditor):
        assert other.get(URL).status_code == 403
        assert other.post(f"{URL}/new", **_given()).status_code == 403
    comm100.owner.post(f"{URL}/new", **_given())
    assert "Nothing is connected" in companies("comindware").owner.reads(URL)
    assert companies("comindware").owner.post(f"{URL}/letters/remove").status_code == 404
