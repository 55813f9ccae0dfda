"""Who may open what: roles, the promise of confidentiality, other organisations."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from console.cast import Company, words
from troth.core.ledger.models import Entry
from troth.core.notices.models import PolicyVersion
from troth.core.organisations.scope import scope
from troth.core.staff.models import Membership, Role


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("marketing", "/console/people"),
        ("marketing", "/console/ledger"),
        ("agent", "/console/ledger"),
        ("agent", "/console/policy/new"),
        ("agent", "/console/settings/roles/new"),
        ("agent", "/console/settings/staff/invite"),
        ("auditor", "/console/people"),
        ("auditor", "/console/policy/publish"),
    ],
)
def test_a_role_without_the_ability_is_refused_with_the_reason(
    comm100: Company, who: str, path: str
) -> None:
    answer = comm100.staff[who].get(path)
    assert answer.status_code == 403
    assert "Your role does not allow this" in words(answer)
    assert "Ask an owner" in words(answer)


@pytest.mark.parametrize(
    "path", ["/console/policy", "/console/settings", "/console/settings/staff"]
)
def test_the_whole_staff_may_look_at_the_rules(comm100: Company, path: str) -> None:
    for who in ("owner", "agent", "marketing", "auditor"):
        assert comm100.staff[who].get(path).status_code == 200


def test_the_rail_shows_what_the_role_opens(comm100: Company) -> None:
    def rail(who: str) -> str:
        return comm100.staff[who].get("/console/").content.decode().partition("</nav>")[0]

    assert "/console/ledger" in rail("auditor")
    assert "/console/people" not in rail("auditor")
    assert "/console/people" in rail("agent")
    assert "/console/inbox/" in rail("agent")


@pytest.mark.parametrize(
    "path", ["/console/", "/console/people", "/console/policy", "/console/inbox/"]
)
def test_the_promise_comes_before_any_page(comm100: Company, path: str) -> None:
    answer = comm100.newcomer.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == "/console/undertaking"


def test_the_promise_opens_the_console(comm100: Company) -> None:
    newcomer = comm100.newcomer
    assert "Before you start" in newcomer.reads("/console/undertaking")
    assert newcomer.post("/console/undertaking").status_code == 400  # the box is not ticked
    assert newcomer.get("/console/people").status_code == 302
    assert newcomer.post("/console/undertaking", promise="on").status_code == 302
    assert newcomer.get("/console/people").status_code == 200
    assert Membership.objects.get(ref=newcomer.ref).undertaking_at is not None
    assert newcomer.get("/console/undertaking").status_code == 302


def test_another_organisation_does_not_exist(companies: Callable[[str], Company]) -> None:
    ours, theirs = companies("comm100"), companies("comindware")
    with scope(theirs.organisation):
        entry = Entry.objects.order_by("position").values_list("pk", flat=True)[0]
        role = Role.objects.get(name="Agent").pk
    person = theirs.customers[0].person
    ours.owner.pick("support")
    for path in (
        f"/console/people/{person.ref}",
        f"/console/people/{person.ref}/history",
        f"/console/people/{person.ref}/merge",
        f"{ours.customers[0].url}/merge/{person.ref}",
        f"/console/ledger/{entry}",
        f"/console/ledger/{entry}/receipt",
        f"/console/settings/roles/{role}",
        f"/console/settings/staff/{theirs.owner.ref}",
        f"/console/settings/staff/{theirs.owner.ref}/remove",
    ):
        assert ours.owner.get(path).status_code == 404, path
    searched = ours.owner.post("/console/people/find", q=theirs.customers[0].seed.email)
    assert "Nobody found" in words(searched)


def test_a_log_in_of_one_organisation_is_none_at_another(
    companies: Callable[[str], Company],
) -> None:
    ours = companies("comm100")
    answer = ours.owner.browser.get("/console/", headers={"host": "comindware.localhost"})
    assert answer.status_code == 302
    assert "/account/login" in answer["Location"]


def test_what_is_asked_before_an_act_is_a_page_of_its_own(comm100: Company) -> None:
    role = Role.objects.get(name="Agent").pk
    member = f"/console/settings/staff/{comm100.agent.ref}"
    for path, asked in (
        (f"/console/settings/roles/{role}", "Change the role"),
        (f"/console/settings/roles/{role}/remove", "Not while somebody has it"),
        (member, "Role now"),
        (f"{member}/remove", "What will happen"),
        ("/console/settings/staff/invite", "Before they see any data"),
        (f"{comm100.customers[0].url}/merge", "Find the other record"),
    ):
        assert asked in comm100.owner.reads(path), path
    assert comm100.owner.get(f"{comm100.customers[0].url}/unmerge").status_code == 400


def test_without_a_policy_the_console_says_what_to_do_first(comm100: Company) -> None:
    PolicyVersion.objects.all().delete()
    text = comm100.owner.reads("/console/policy")
    assert "No policy is published yet" in text
    assert "everything is refused" in comm100.owner.reads("/console/")
    assert comm100.owner.get("/console/policy/new").status_code == 200
    assert comm100.owner.get("/console/people").status_code == 200
