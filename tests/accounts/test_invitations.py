from __future__ import annotations

import pytest
from django.test import Client

from accounts.conftest import Company, Post
from accounts.customers import PASSWORD, Customer, is_in
from support.seeded import Seed
from troth.channels.accounts.api import InvitationInvalid, invite, register_staff, user_at
from troth.core.actors import AbilityDenied, Actor
from troth.core.notices.versions import current
from troth.core.staff.members import make_standard_roles
from troth.core.staff.models import Membership, Role

CLI = Actor.system("cli")


@pytest.fixture
def roles(company: Company) -> dict[str, Role]:
    return make_standard_roles({key: found.use for key, found in current().rules.purposes.items()})


def test_an_operator_is_invited_and_sets_a_password(roles: dict[str, Role], post: Post) -> None:
    seed = Seed.new()
    invite(CLI, seed.name, seed.email, roles["Agent"])
    (mail,) = post()
    browser = Client()
    assert browser.get(mail.link("invitation")).status_code == 200
    browser.post(mail.link("invitation"), {"password": PASSWORD})
    assert Customer(seed=seed).log_in(browser).status_code == 302
    assert is_in(browser)
    again = Client()
    assert again.get(mail.link("invitation")).status_code == 404, "it worked twice"


def test_only_who_manages_the_staff_invites(roles: dict[str, Role]) -> None:
    agent = Actor("staff", "0" * 32, purposes=frozenset(), abilities=frozenset({"inbox.read"}))
    with pytest.raises(AbilityDenied):
        invite(agent, "Eve", "eve@x.example", roles["Owner"])
    assert not Membership.objects.exists()


def test_a_customer_who_is_invited_keeps_the_account(
    ada: Customer, roles: dict[str, Role], post: Post
) -> None:
    invite(CLI, ada.seed.name, ada.seed.email, roles["Agent"])
    assert post()[0].subject.startswith("You are on the staff")
    assert is_in(ada.browser)
    with pytest.raises(InvitationInvalid):
        invite(CLI, ada.seed.name, ada.seed.email, roles["Agent"])


def test_the_first_owner_has_a_password_at_once(roles: dict[str, Role]) -> None:
    seed = Seed.new()
    member = register_staff(CLI, seed.name, seed.email, roles["Owner"], password=PASSWORD,
                            undertaken=True)  # fmt: skip
    assert member.undertaking_at is not None
    assert user_at(seed.email, actor=CLI) == member.user
    assert Customer(seed=seed).log_in(Client()).status_code == 302


@pytest.mark.parametrize("token", ["x", "0" * 32, "0" * 32 + "~1x~y"])
def test_a_forged_invitation_is_refused(company: Company, token: str) -> None:
    assert Client().get(f"/account/invitation/{token}/").status_code == 404
