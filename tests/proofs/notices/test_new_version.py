"""A new version of the policy: where it stands, who is told, and what waits."""

from __future__ import annotations

import re
import tomllib

import pytest

from proofs.campaigns.campaigning import Make, sent, sign_up, who_got
from proofs.company import PASSWORD, Company, publish, submit, text_of
from proofs.notices.renewing import LABEL, VERSION, Renewed, renamed, second
from support.mail import Received
from support.seeded import Seed

CHANGED = "Our privacy policy changes"


def notices(company: Company, seed: Seed) -> list[Received]:
    """The mails about a changed policy that somebody got."""
    return [
        one
        for one in company.post.received
        if seed.email in one.recipients and str(one.message["Subject"]).startswith(CHANGED)
    ]


@pytest.mark.clause("comantra-50", "comm100-65", "comindware-36")
def test_a_new_version_stands_on_the_site_beside_the_old_one(renewed: Renewed) -> None:
    reader = renewed.company.reader()
    assert "Our privacy policy changed" not in renewed.home
    home = reader.get("/")
    assert "Our privacy policy changed" in home.words
    [compare] = re.findall(r'href="(/policy/compare/[^"]+)"', home.text)
    compared = reader.get(compare)
    assert LABEL in compared.words
    policy = reader.get("/policy")
    assert LABEL in policy.words
    assert f'href="{compare}"' in policy.text
    old = compare.split("/")[3]
    before = reader.get(f"/policy/versions/{old}")
    assert before.status == 200
    assert LABEL not in before.words
    assert f"/policy/versions/{old}" in policy.text
    assert reader.get("/policy/versions/1999").status == 404


@pytest.mark.clause("comantra-51")
def test_what_was_given_before_waits_until_they_were_told_and_did_not_refuse(
    renewed: Renewed,
) -> None:
    keeps, refuses = renewed.ref(0), renewed.ref(1)
    [mail] = renewed.company.mails(renewed.people[1].email, LABEL)
    for ref in (keeps, refuses):
        assert renewed.why(ref).startswith("denied"), "the time to refuse runs"
        assert renewed.why(ref, days=29).startswith("denied")
        assert renewed.why(ref, purpose="account").startswith("permitted")
    [link] = re.findall(r"https?://[^/\s]+(/changes/[^\s>)]+)", text_of(mail))
    reader = renewed.company.reader()
    page = reader.get(link)
    assert LABEL in page.words
    assert "checked" not in page.text
    submit(reader, page, "refuse", refuse="trials/")
    assert renewed.why(keeps, days=31).startswith("permitted")
    assert renewed.why(refuses, days=31).startswith("denied")


@pytest.mark.clause("comantra-51")
def test_who_was_not_told_is_not_held_to_a_new_version(make_company: Make) -> None:
    with make_company(parts=("web",)) as company:
        seed = Seed.new()
        company.send(
            company.reader(), "contact", name=seed.name, email=seed.email, message=seed.message
        )
        publish(company.site, second)
        [(ref,)] = company.rows("SELECT ref FROM people_person WHERE state = 'identified'")
        told = Renewed(company, [seed], [], "")
        assert not notices(company, seed)
        assert told.why(ref, days=400).startswith("denied")
        assert told.why(ref, days=400, purpose="support").startswith("permitted")


@pytest.mark.clause("comintech-59")
def test_a_version_holds_at_once_and_old_data_waits_for_a_choice(renewed: Renewed) -> None:
    company, newcomer = renewed.company, Seed.new()
    assert LABEL in company.reader().get("/policy").words
    company.send(
        company.reader(), "contact",
        name=newcomer.name, email=newcomer.email, message=newcomer.message,
    )  # fmt: skip
    reader = company.reader()
    submit(reader, reader.get("/preferences/"), "email", email=newcomer.email)
    path = company.link(newcomer.email, "/preferences/")
    assert renewed.why(path.rpartition("/")[2].partition("~")[0]).startswith("permitted")
    before = renewed.ref(0)
    company.mails(renewed.people[0].email, LABEL)
    assert renewed.why(before).startswith("denied")
    assert renewed.why(before, days=31).startswith("permitted")


@pytest.mark.clause("com1-08")
def test_whoever_comes_back_is_shown_the_new_version_once_and_it_is_recorded(
    renewed: Renewed,
) -> None:
    company, seed = renewed.company, renewed.people[2]
    ref = renewed.ref(2)
    reader = company.reader()
    page = company.log_in(reader, seed.email)
    assert "/account/changes/" in page.url
    assert LABEL in page.words
    again = company.log_in(company.reader(), seed.email)
    assert "/account/changes/" not in again.url
    rows = company.rows(
        "SELECT t.answer FROM gate_told t JOIN people_person p ON p.id = t.person_id"
        " WHERE p.ref = ? AND t.version = ?",
        ref,
        VERSION,
    )
    assert rows == [("seen",)]
    assert renewed.why(ref).startswith("denied"), "being shown it is no yes"


@pytest.mark.clause("comm100-66")
def test_the_compiler_says_what_is_material_and_then_people_are_mailed(make_company: Make) -> None:
    with make_company() as company:
        seed = Seed.new()
        sign_up(company, seed)
        publish(company.site, lambda source: renamed(source, "2030-01-01"))
        home = company.reader().get("/").words
        assert "had 30 days to refuse" not in home
        file = company.site.home / "next.toml"
        quiet = company.site.home / "quiet.toml"
        quiet.write_text(file.read_text("utf-8"), "utf-8")
        publish(company.site, second)
        said = company.site.run("policy", "compare", quiet, file, check=False).stdout
        assert re.search(rf"material .*{LABEL}|{LABEL}", said), said
        assert re.search(r"[1-9]\d* material", said), said
        [mail] = company.mails(seed.email, CHANGED)
        assert LABEL in text_of(mail)
        assert "30 days" in text_of(mail)
        assert "had 30 days to refuse" in company.reader().get("/").words
        assert len(notices(company, seed)) == 1, "what is not material is mailed to nobody"


@pytest.mark.clause("comintech-31")
def test_mail_about_the_account_and_the_terms_reaches_who_wants_no_other(
    renewed: Renewed,
) -> None:
    company, seed, reader = renewed.company, renewed.people[3], renewed.readers[3]
    [mail] = company.mails(seed.email, CHANGED)
    assert "no link to unsubscribe" in " ".join(text_of(mail).split())
    page = reader.get("/account/password/")
    submit(reader, page, "old", old=PASSWORD, password="nine ladies dancing on ice")
    assert company.mails(seed.email, "Something in your account has changed")
    sent(company, "offers", renewed.people)
    assert who_got(company, renewed.people) == [True, True, True, False]


@pytest.mark.clause("com1-32", "comindware-37")
def test_the_page_shows_the_date_of_its_last_revision(company: Company, renewed: Renewed) -> None:
    reader = company.reader()
    revised = tomllib.loads(reader.get("/policy.toml").text)["policy"]["revised"]
    words = reader.get("/policy").words
    assert f"last updated {revised}" in words
    after = renewed.company.reader().get("/policy").words
    assert "last updated 2020-05-06" in after
