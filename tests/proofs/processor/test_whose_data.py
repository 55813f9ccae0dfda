"""Data of a client's own customers: under the client's policy, and closed to the host."""

from __future__ import annotations

import pytest

from proofs.company import Company
from proofs.conftest import Hosting
from proofs.customers import LOG_IN, look_up
from support.reader import Reader
from support.seeded import Seed


def writes(company: Company) -> Seed:
    """Somebody writes to an organisation by its form."""
    seed = Seed.new()
    sent = company.send(
        company.reader(), "contact", name=seed.name, email=seed.email, message=seed.message
    )
    assert "Thank you" in sent.words
    return seed


@pytest.mark.clause("comm100-54")
def test_each_organisation_s_visitors_meet_its_own_policy(hosting: Hosting) -> None:
    host, client = hosting.host.reader(), hosting.client.reader()
    assert "Privacy at Comm100" in host.get("/policy").words
    assert "Comm100" not in client.get("/policy").words
    assert "Com 1" in client.get("/policy").words
    assert 'name = "Com 1 Communications"' in client.get("/policy.toml").text
    assert 'name = "Comm100"' in host.get("/policy.toml").text
    # A form of the client's asks what its own policy says, and only that.
    assert 'name="website"' in host.get("/forms/contact").text
    assert 'name="website"' not in client.get("/forms/contact").text
    assert (host.get("/forms/partner").status, client.get("/forms/partner").status) == (200, 404)
    writes(hosting.client)
    [(slug, clause, version)] = hosting.host.rows(
        "SELECT o.slug, s.clause, s.version FROM forms_submission s"
        " JOIN organisations_organisation o ON o.id = s.organisation_id"
        " ORDER BY s.sent_at DESC LIMIT 1"
    )
    assert slug == "com1"
    assert client.get(f"/policy/clause/{clause}").status == 200
    assert "tell us, and where to send the answer" in client.get(f"/policy/clause/{clause}").words
    assert version in client.get("/policy").words


@pytest.mark.clause("comintech-05")
def test_the_host_s_staff_cannot_open_what_a_client_has(hosting: Hosting) -> None:
    host, client = hosting.host, hosting.client
    seed = writes(client)
    opened = look_up(client.staff(), seed.email, purpose="support")
    assert seed.name in opened.words
    path = opened.url.removeprefix(client.address)
    owner = host.staff()
    assert "Nobody found" in look_up(owner, seed.email, purpose="support").words
    for page in (path, f"{path}/history", f"{path}/child", f"{path}/why?data=user.name"):
        answer = owner.get(page)
        assert answer.status == 403
        assert seed.name not in answer.text
    submission = client.rows("SELECT ref FROM forms_submission ORDER BY sent_at DESC LIMIT 1")
    assert owner.get(f"/console/inbox/{submission[0][0]}").status == 403
    assert client.staff().get(f"/console/inbox/{submission[0][0]}").status == 200
    # Nor with what keeps them logged in at their own site.
    borrowed = Reader(
        client.address,
        headers={
            "Cookie": "; ".join(f"{one.name}={one.value}" for one in owner.cookies),
            "X-Forwarded-For": "198.18.9.9",
        },
    )
    assert LOG_IN in borrowed.get(path).url
    # What the client's customers may be used for is what the client's policy says.
    why = host.site.run(
        *("why", "--organisation", "com1", "--purpose", "product-news"),
        *("--data", "user.contact.email"), check=False,
    )  # fmt: skip
    assert "permitted" in why.stdout
    other = host.site.run(
        *("why", "--organisation", "comintech", "--purpose", "product-news"),
        *("--data", "user.contact.email"), check=False,
    )  # fmt: skip
    assert "permitted" not in other.stdout
