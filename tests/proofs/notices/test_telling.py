"""What people are told where it matters to them."""

from __future__ import annotations

import re
import tomllib

import pytest

from proofs.campaigns.campaigning import sign_up
from proofs.company import PASSWORD, Company, submit
from support.seeded import Seed

PAGES = {
    "accounts.register": "/account/register/",
    "accounts.profile": "/account/profile/",
    "accounts.password": "/account/password/",
}


def plain(text: str) -> str:
    """Words as a page shows them, without the marks of Markdown."""
    return " ".join(re.sub(r"[*`_]|\[([^\]]*)\]\([^)]*\)", r"\1", text).split())


@pytest.mark.clause("comantra-24")
def test_the_guidance_is_on_the_password_pages(company: Company) -> None:
    reader = sign_up(company, Seed.new())
    for path in ("/account/password/",):
        page = reader.get(path)
        for advice in ("Nobody can promise perfect safety", "A long password", "change it when",
                       "leaks", "Keep your browser up to date"):  # fmt: skip
            assert advice in page.words, (path, advice)
    for path in ("/account/register/", "/account/reset/"):
        assert "Nobody can promise perfect safety" in company.reader().get(path).words
    page = reader.get("/account/password/")
    leaked = submit(reader, page, "old", old=PASSWORD, password="password1234")
    assert leaked.status == 422, "what is known from leaks is refused"
    unmixed = submit(reader, page, "old", old=PASSWORD, password="only small letters here")
    assert unmixed.status == 200
    assert unmixed.url.endswith("/account/security/"), unmixed.words


@pytest.mark.clause("com1-12")
def test_what_has_no_effect_is_published_and_listed_as_such(company: Company) -> None:
    source = company.reader().get("/policy.toml").text
    [clause] = [
        one for one in tomllib.loads(source)["inform"] if "com1-12" in one.get("register", ())
    ]
    assert plain(clause["text"]) in company.reader().get("/policy").words
    file = company.site.home / "served.toml"
    file.write_text(source, "utf-8")
    said = company.site.run("policy", "check", file).stdout
    listed = re.findall(r"note\[T901\]: Clause (\S+) has no machine effect", said)
    assert clause["clause"] in listed
    for kind in ("collect", "share", "keep", "right"):
        for one in tomllib.loads(source)[kind]:
            assert one["clause"] not in listed


@pytest.mark.clause("comintech-24")
def test_each_page_that_collects_shows_its_notice(company: Company) -> None:
    reader = company.reader()
    customer = sign_up(company, Seed.new())
    policy = tomllib.loads(reader.get("/policy.toml").text)
    purposes = policy["purposes"]
    seen = []
    for clause in policy["collect"]:
        place = clause["at"]
        if not place.startswith("forms.") and place != "accounts.register":
            continue
        if place == "accounts.register" and "name" not in clause.get("required", ()):
            continue
        path = PAGES.get(place, "/forms/" + place.partition(".")[2])
        page = reader.get(path)
        assert plain(clause["text"]) in page.words, place
        assert f"§ {clause['clause']}" in page.words.replace("\u202f", " ")
        if place.startswith("forms."):
            for purpose in clause["for"]:
                assert purposes[purpose]["label"] in page.words, (place, purpose)
        seen.append(place)
    assert len(seen) >= 5, seen
    profile = customer.get("/account/profile/")
    [clause] = [
        one
        for one in policy["collect"]
        if one["at"] == "accounts.profile" and "name" in one.get("required", ())
    ]
    assert plain(clause["text"]) in profile.words
