"""Roles and staff: shown in words, changed on the ledger, and never without an owner."""

from __future__ import annotations

from console.cast import Company, words
from troth.core.ledger.models import Pending
from troth.core.people.models import Element
from troth.core.staff.models import Membership, Role


def acts() -> str:
    return " ".join(bytes(body).decode() for body in Pending.objects.values_list("body", flat=True))


def test_roles_are_shown_in_words(comm100: Company) -> None:
    text = comm100.agent.reads("/console/settings")
    assert "Look at the ledger" in text
    assert "Helping you" in text
    assert "Nothing: this role sees no value" in text


def test_a_role_is_made_changed_and_removed(comm100: Company) -> None:
    owner = comm100.owner
    given = {"name": "Night shift", "purposes": ["support"], "abilities": ["inbox.read"]}
    assert owner.post("/console/settings/roles/new", **given).status_code == 302
    role = Role.objects.get(name="Night shift")
    assert role.purposes == ["support"]
    change = given | {"purposes": []}
    assert owner.post(f"/console/settings/roles/{role.pk}", **change).status_code == 302
    assert Role.objects.get(pk=role.pk).purposes == []
    assert owner.post(f"/console/settings/roles/{role.pk}/remove").status_code == 302
    assert not Role.objects.filter(pk=role.pk).exists()
    told = acts()
    assert [word in told for word in ("added", "changed", "removed")] == [True] * 3


def test_a_role_is_not_made_of_what_there_is_not(comm100: Company) -> None:
    for given in (
        {"name": ""}, {"name": "x" * 61}, {"name": "owner"},
        {"name": "New", "purposes": ["no-such"]}, {"name": "New", "abilities": ["root"]},
    ):  # fmt: skip
        answer = comm100.owner.post("/console/settings/roles/new", **given)
        assert answer.status_code == 400, given
    assert not Role.objects.filter(name="New").exists()


def test_a_role_in_use_stays(comm100: Company) -> None:
    role = Role.objects.get(name="Agent")
    answer = comm100.owner.post(f"/console/settings/roles/{role.pk}/remove")
    assert answer.status_code == 400
    assert "in use" in words(answer)


def test_names_of_the_staff_are_sealed_until_a_purpose_may_show_them(comm100: Company) -> None:
    assert "Auditor@" not in comm100.owner.reads("/console/settings/staff")
    category = Element.objects.filter(category="user.name").exists()
    assert category
    comm100.owner.pick("account")
    assert "Marketing" in comm100.owner.reads("/console/settings/staff")


def test_a_member_gets_another_role(comm100: Company) -> None:
    auditor = Role.objects.get(name="Auditor")
    url = f"/console/settings/staff/{comm100.agent.ref}"
    assert comm100.owner.post(url, role=str(auditor.pk)).status_code == 302
    assert comm100.agent.get("/console/people").status_code == 403  # at once
    assert "staff.member_changed" in acts()


def test_a_removed_member_is_out_at_once(comm100: Company) -> None:
    url = f"/console/settings/staff/{comm100.agent.ref}/remove"
    assert "closed to them at once" in comm100.owner.reads(url)
    assert comm100.owner.post(url).status_code == 302
    assert comm100.agent.get("/console/").status_code == 403
    assert not Membership.objects.filter(ref=comm100.agent.ref).exists()


def test_the_last_owner_stays(comm100: Company) -> None:
    owner = comm100.owner
    removed = owner.post(f"/console/settings/staff/{owner.ref}/remove")
    assert removed.status_code == 403
    assert "Nobody would be left" in words(removed)
    agent, role = Role.objects.get(name="Agent"), Role.objects.get(name="Owner")
    demoted = owner.post(f"/console/settings/staff/{owner.ref}", role=str(agent.pk))
    assert demoted.status_code == 400
    stripped = owner.post(f"/console/settings/roles/{role.pk}", name="Owner", purposes=[])
    assert stripped.status_code == 400
    assert Membership.objects.get(ref=owner.ref).role_id == role.pk
    assert "staff.manage" in Role.objects.get(pk=role.pk).abilities
    assert "staff.member_changed" not in acts()


def test_somebody_is_invited(comm100: Company) -> None:
    role = Role.objects.get(name="Agent")
    given = {"name": "Nina Fresh", "email": "nina@staff.example", "role": str(role.pk)}
    before = Membership.objects.count()
    assert comm100.owner.post("/console/settings/staff/invite", **given).status_code == 302
    assert Membership.objects.count() == before + 1
    again = comm100.owner.post("/console/settings/staff/invite", **given)
    assert again.status_code == 400
    assert "on the staff already" in words(again)
    bad = comm100.owner.post("/console/settings/staff/invite", **given | {"email": "nobody"})
    assert bad.status_code == 400
