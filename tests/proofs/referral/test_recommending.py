"""Recommending the company to a friend, of whom nothing is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proofs.campaigns.campaigning import sign_up, until
from proofs.company import Company, submit
from support.mail import Received
from support.reader import Page, Reader
from support.seeded import Seed, assert_nowhere

PLAIN = "Bea Reed"


def recommend(reader: Reader, friend: Seed) -> Page:
    return submit(
        reader, reader.get("/referral"), "nonce",
        friend_name=friend.name, friend_email=friend.email,
    )  # fmt: skip


def friend() -> Seed:
    return replace(Seed.new(), name=PLAIN)


def invitations(company: Company, to: str) -> list[Received]:
    return [one for one in company.post.received if to in one.recipients]


@pytest.mark.clause("comm100-32")
def test_visitors_and_customers_can_recommend(company: Company) -> None:
    customer = sign_up(company, Seed.new())
    for reader in (company.reader(), customer):
        page = reader.get("/referral")
        assert "Your friend's name (required)" in page.words
        assert "Your friend's e-mail address (required)" in page.words
        asked = friend()
        lacking = submit(reader, page, "nonce", friend_name="", friend_email=asked.email)
        assert lacking.status == 422
        assert recommend(reader, asked).url.endswith("/referral/sent")
        [mail] = company.mails(asked.email, "Comm100")
        assert PLAIN in mail.raw.decode()


@pytest.mark.clause("comm100-33")
def test_an_address_gets_one_invitation_ever(company: Company) -> None:
    first, other = friend(), friend()
    pages = [recommend(company.reader(), first)]
    company.mails(first.email)
    same = replace(first, email=first.email.upper().replace("@", "+again@"))
    pages += [recommend(company.reader(), one) for one in (first, same, other)]
    company.mails(other.email)
    until(lambda: not company.rows("SELECT id FROM referral_referral"))
    assert len(invitations(company, first.email)) == 1
    assert not invitations(company, same.email)
    assert len({page.words for page in pages}) == 1, "nobody learns whether it was the first"


@pytest.mark.clause("comm100-34")
def test_nothing_of_the_friend_is_kept_but_a_digest(company: Company) -> None:
    asked = Seed.new()
    known = company.rows("SELECT count(*) FROM referral_invited")
    people = company.rows("SELECT count(*) FROM people_person")
    recommend(company.reader(), asked)
    [mail] = company.mails(asked.email)
    assert mail.recipients == [asked.email]
    until(lambda: not company.rows("SELECT id FROM referral_referral"))
    assert_nowhere([asked.email, asked.name], company.site.home)
    assert company.rows("SELECT count(*) FROM people_person") == people
    [(before,)], [(after,)] = known, company.rows("SELECT count(*) FROM referral_invited")
    assert after == before + 1
    for (sealed,) in company.rows("SELECT content FROM referral_referral"):
        assert not sealed, "what was sealed for the mail is gone with the mail"
    digests = company.rows("SELECT digest FROM referral_invited")
    assert {len(digest) for (digest,) in digests} == {32}
    recommend(company.reader(), asked)
    probe = friend()
    recommend(company.reader(), probe)
    company.mails(probe.email)
    assert len(invitations(company, asked.email)) == 1, "the digest is enough to prevent a second"
