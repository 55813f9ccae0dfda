from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from accounts.conftest import Post
from accounts.customers import Customer, is_in, words
from accounts.test_second_factor import codes_of
from support.seeded import Seed
from troth.channels.accounts.models import Incident, SecondFactor, User

NEW = "nine herons on one leg"


def stranger_logs_in(ada: Customer, post: Post) -> tuple[Client, str]:
    stranger = ada.other_browser()
    ada.log_in(stranger)
    return stranger, post()[0].link("not-me")


def test_this_was_not_me_locks_ends_and_notes(ada: Customer, post: Post) -> None:
    stranger, link = stranger_logs_in(ada, post)
    somebody = Client()
    assert "This was not you?" in words(somebody.get(link))
    assert is_in(stranger), "opening the link changed something"
    assert "The account is locked" in words(somebody.post(link))
    assert not is_in(stranger)
    assert not is_in(ada.browser)
    assert ada.log_in(Client()).status_code == 422
    incident = Incident.objects.get()
    assert (incident.about, incident.closed_at) == ("sign-in", None)
    (mail,) = post()
    assert mail.link("reset") == "/account/reset/"


def test_a_new_password_opens_it_again_and_the_link_locks_no_more(
    ada: Customer, post: Post
) -> None:
    _, link = stranger_logs_in(ada, post)
    Client().post(link)
    browser = Client()
    browser.post("/account/reset/", {"address": ada.seed.email})
    reset = next(mail for mail in post() if "link" in mail.subject).link("reset")
    browser.post(reset, {"password": NEW})
    assert ada.log_in(ada.browser, password=NEW).status_code == 302
    assert "This link has done its work" in words(Client().post(link))
    assert is_in(ada.browser)


def test_what_the_stranger_changed_since_is_taken_back(ada: Customer, post: Post) -> None:
    stranger, link = stranger_logs_in(ada, post)
    stranger.post("/account/address/", {"address": Seed.new().email, "password": ada.password})
    confirm = next(mail for mail in post() if mail.to != ada.seed.email).link("address/confirm")
    assert stranger.post(confirm).status_code == 200
    codes_of(stranger)
    assert SecondFactor.objects.filter(confirmed_at__isnull=False).exists()
    post()
    Client().post(link)
    assert not SecondFactor.objects.exists()
    assert post()[0].to == ada.seed.email
    Client().post("/account/reset/", {"address": ada.seed.email})
    assert len(post()) == 1


@pytest.mark.parametrize("change", ["cut", "other", "long", "empty"])
def test_a_forged_link_locks_nothing(ada: Customer, post: Post, change: str) -> None:
    _, link = stranger_logs_in(ada, post)
    token = link.split("/")[3]
    forged = {"cut": token[:-1], "other": token.replace("sign-in", "address"), "long": token * 9,
              "empty": "sign-in."}[change]  # fmt: skip
    assert Client().post(f"/account/not-me/{forged}/").status_code == 404
    assert User.objects.get().is_active


def test_a_link_is_too_old_after_thirty_days(ada: Customer, post: Post) -> None:
    from troth.channels.accounts.incidents import COUNTS  # noqa: PLC0415
    from troth.kit import links  # noqa: PLC0415

    _, link = stranger_logs_in(ada, post)
    assert timedelta(days=30) == COUNTS
    with pytest.raises(links.LinkInvalid):
        links.read(link.split("/")[3], "accounts.not-me", timedelta(seconds=-1))
