"""Whoever wants nothing collected beyond the necessary hears what of theirs was not kept, and why;
nobody else does.
"""

from __future__ import annotations

import pytest

from accounts.conftest import POLICIES, Company, Post
from accounts.customers import Customer, words
from support.seeded import Seed
from troth.channels.accounts.models import Correction, User
from troth.channels.forms.actions import submit
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.gate.models import Stance
from troth.core.notices.publish import publish
from troth.core.people.models import Element
from troth.core.people.records import Given

SYSTEM = Actor.system("cli")
MORE = """
[[collect]]
clause = "99.1"
at = "accounts.profile"
title = "News"
optional = ["fax"]
for = ["newsletter"]
text = "For news by fax."

[[collect]]
clause = "99.2"
at = "forms.contact"
title = "News"
optional = ["fax"]
for = ["newsletter"]
text = "For news by fax."

[elements.fax]
data = "user.contact.fax_number"
label = "Fax number"
"""
FAX = "+1 604-555-0148"
NOT_KEPT = "Not kept: Fax number"


@pytest.fixture
def marked(company: Company, ada: Customer, post: Post) -> Customer:
    source = (POLICIES / "comm100.toml").read_text("utf-8")
    publish(source.replace('version = "', 'version = "fax-', 1) + MORE, actor=SYSTEM)
    person = User.objects.get().person.root
    choose(person, actor=SYSTEM, purpose=Stance.COLLECTION, yes=False, way="tests")
    post()
    return ada


def held() -> int:
    return Element.objects.filter(category="user.contact.fax_number").count()


def test_the_profile_says_what_was_not_kept(marked: Customer, post: Post) -> None:
    corrections = Correction.objects.count()
    form = {"name": marked.seed.name, "website": marked.seed.website, "fax": FAX}
    answer = marked.browser.post("/account/profile/", form, follow=True)
    assert NOT_KEPT in words(answer)
    assert "corrected" not in words(answer)
    assert (held(), Correction.objects.count(), post()) == (0, corrections, [])
    answer = marked.browser.post("/account/profile/", form | {"name": "Ada B"}, follow=True)
    assert NOT_KEPT in words(answer)
    assert "Your profile is corrected" in words(answer)
    [mail] = post()
    assert "Your name" in mail.text
    assert "Fax" not in mail.text
    assert held() == 0


def test_a_form_says_it_by_mail_alone(marked: Customer, post: Post) -> None:
    for seed, left in ((marked.seed, True), (Seed.new(), False)):
        given = [
            Given("name", "user.name", seed.name),
            Given("email", "user.contact.email", seed.email),
            Given("message", "user.content.private", seed.message),
            Given("fax", "user.contact.fax_number", FAX),
        ]
        submit(
            actor=Actor.visitor(),
            touchpoint="forms.contact",
            given=given,
            choices={},
            once=seed.email,
        )
        [mail] = post()
        assert mail.to == seed.email
        assert (NOT_KEPT in mail.text) is left
        assert FAX not in mail.text
    assert held() == 1
