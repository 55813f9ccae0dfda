"""Reading before it leaves, settings, and lists for post and phone."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from campaigns.pages.letters import SYSTEM, written
from console.cast import Company, words
from support.mail import Mailbox
from support.seeded import Seed
from troth.channels.campaigns import actions
from troth.channels.campaigns.models import Campaign, Conduct
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.gate.collecting import collect
from troth.core.ledger.models import Pending
from troth.core.people.models import Person
from troth.core.people.records import Given
from troth.kit.outbox.api import Message
from troth.kit.outbox.delivery import deliver_message

QUEUE, SETTINGS, LISTS = (f"/console/campaigns/{part}" for part in ("waiting", "settings", "lists"))

pytestmark = pytest.mark.xdist_group("campaigns-pages")


def handed_in(company: Company) -> Campaign:
    company.marketing.post(
        "/console/campaigns/new",
        name="Prizes",
        purpose="newsletter",
        subject="You won",
        format="markdown",
        body="Come and see",
    )
    campaign = Campaign.objects.get(name="Prizes")
    company.marketing.post(f"/console/campaigns/{campaign.ref}/send", when="now")
    campaign.refresh_from_db()
    return campaign


def test_an_empty_queue_says_what_holds(comm100: Company) -> None:
    page = comm100.owner.reads(QUEUE)
    assert "Nothing waits to be read" in page
    assert "Campaigns leave without being read now." in page


def test_a_campaign_waits_is_read_and_approved(comm100: Company) -> None:
    assert "not needed" in comm100.owner.reads(SETTINGS)
    comm100.owner.post(SETTINGS, do="moderate")
    campaign = handed_in(comm100)
    assert campaign.state == "waiting"
    assert "Somebody reads it first" in comm100.marketing.reads(
        f"/console/campaigns/{campaign.ref}"
    )
    assert "1 campaign waits to be read" in comm100.owner.reads("/console/")
    assert "Prizes" in comm100.owner.reads(QUEUE)
    page = comm100.owner.get(f"{QUEUE}/{campaign.ref}")
    assert "to 3 people" in words(page)
    assert "Come and see" in page.content.decode()
    comm100.owner.post(f"{QUEUE}/{campaign.ref}", do="approve")
    campaign.refresh_from_db()
    assert campaign.state == "scheduled"
    assert "It does not wait any more" in comm100.owner.reads(f"{QUEUE}/{campaign.ref}")


def test_the_author_reads_why_it_was_rejected(comm100: Company, sink: Mailbox) -> None:
    actions.require_moderation(actor=SYSTEM, needed=True)
    campaign = handed_in(comm100)
    path = f"{QUEUE}/{campaign.ref}"
    silent = comm100.owner.post(path, do="reject", ground="spam-prevention", reason=" ")
    assert silent.status_code == 422
    other = comm100.owner.post(path, do="reject", ground="taste", reason="I dislike it")
    assert other.status_code == 422
    assert "I dislike it" in words(other)
    comm100.owner.post(path, do="reject", ground="spam-prevention", reason="There is no prize.")
    assert "“Prizes” was rejected" in comm100.marketing.reads("/console/")
    mail = Message.objects.get(kind="campaigns.rejected")
    deliver_message(mail.pk)
    (received,) = sink.received
    text = received.message.get_body(("plain",)).get_content()
    assert received.recipients == ["marketing@staff.example"]
    assert "There is no prize." in text
    assert f"/console/campaigns/{campaign.ref}" in text
    page = comm100.marketing.reads(f"/console/campaigns/{campaign.ref}")
    assert "Spam prevention. There is no prize." in page
    comm100.marketing.post(f"/console/campaigns/{campaign.ref}/step", step="revise")
    campaign.refresh_from_db()
    assert campaign.state == "draft"


def test_approving_is_not_for_whoever_writes(comm100: Company) -> None:
    actions.require_moderation(actor=SYSTEM, needed=True)
    campaign = handed_in(comm100)
    answer = comm100.marketing.post(f"{QUEUE}/{campaign.ref}", do="approve")
    assert answer.status_code == 403
    assert comm100.marketing.post(SETTINGS, do="trust").status_code == 403
    assert Conduct.objects.get().moderation_needed


def test_where_no_clause_lets_campaigns_be_held_back(comindware: Company) -> None:
    assert "The policy has no clause under which" in comindware.owner.reads(SETTINGS)
    campaign = written()
    Campaign.objects.filter(pk=campaign.pk).update(state="waiting", scheduled_for=clock.now())
    assert "names no ground" in comindware.owner.reads(f"{QUEUE}/{campaign.ref}")


def test_settings_show_the_record_to_publish_and_stop_everything(comm100: Company) -> None:
    page = comm100.marketing.get(SETTINGS)
    assert "troth._domainkey." in words(page)
    assert "v=DKIM1; k=rsa; p=" in words(page)
    assert 'data-copy="v=DKIM1;' in page.content.decode()
    assert "0.30%" in words(page)
    comm100.marketing.post(SETTINGS, do="stop")
    assert "A member of the staff stopped them." in comm100.marketing.reads(SETTINGS)
    assert comm100.marketing.post(SETTINGS, do="nothing").status_code == 400


def with_address(seed: Seed, name: str) -> None:
    given = [
        Given("name", "user.name", name),
        Given("email", "user.contact.email", seed.email),
        Given("phone", "user.contact.phone_number", seed.phone),
        Given("post-address", "user.contact.address", f"12 Harbour Street\n{seed.company}"),
    ]
    data = [one.category for one in given]
    with collect(actor=Actor.visitor(), touchpoint="accounts.profile", data=data) as collecting:
        collecting.hold(collecting.person(given), given)


def says(person: Person, **choice: Any) -> None:
    actor = Actor("person", person.ref, person_id=person.pk)
    choose(person, actor=actor, way="preference-link", **choice)


def listed(company: Company, way: str) -> list[list[str]]:
    answer = company.owner.post(LISTS, purpose="newsletter", way=way)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == f'attachment; filename="newsletter-{way}.csv"'
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_list_for_post_has_whom_it_may_have_and_says_whom_not(comindware: Company) -> None:
    one, two, three, *_ = comindware.customers
    with_address(one.seed, "=cmd()")
    with_address(two.seed, two.seed.name)
    with_address(three.seed, three.seed.name)
    says(two.person, purpose="newsletter", yes=False, manner="post")
    actor = Actor("person", three.person.ref, person_id=three.person.pk)
    refuse_solicitation(three.person, actor=actor, refused=True, way="preference-link")
    page = comindware.owner.reads(LISTS, purpose="newsletter", way="post")
    assert "1 of 8 people can be reached by post" in page
    assert "Asked for no solicitation" in page
    assert "Said no to post for this purpose" in page
    assert "Gave no postal address" in page
    head, *rows = listed(comindware, "post")
    assert head == ["Person", "Name", "Address"]
    ((person, name, address),) = rows
    assert person == one.person.root.ref
    assert name.startswith("'=") or name == one.seed.name
    assert address == f"12 Harbour Street\n{one.seed.company}"
    entries = [bytes(body) for body in Pending.objects.values_list("body", flat=True)]
    mine = [body for body in entries if b'"act":"gate.used_many"' in body]
    assert mine
    assert all(b'"count":1' in body for body in mine)
    assert not any(one.seed.company.encode() in body for body in entries)


def test_a_list_for_phone_keeps_who_refused_post_alone(comindware: Company) -> None:
    for customer in comindware.customers:
        with_address(customer.seed, customer.seed.name)
    two = comindware.customers[1].person
    says(two, purpose="newsletter", yes=False, manner="post")
    assert len(listed(comindware, "phone")) == 1 + 3
    assert len(listed(comindware, "post")) == 1 + 2


def test_a_policy_without_such_lists_says_so(comm100: Company) -> None:
    page = comm100.owner.reads(LISTS, purpose="newsletter", way="post")
    assert "News about new features: post" not in page
    answer = comm100.owner.post(LISTS, purpose="newsletter", way="post")
    assert answer["Location"] == LISTS


@pytest.mark.parametrize("odd", ["0", "1.01", "-1", "many", "0.001", ""])
def test_a_limit_of_complaints_that_is_none_is_refused(comm100: Company, odd: str) -> None:
    answer = comm100.owner.post(SETTINGS, do="limit", percent=odd)
    assert answer.status_code == 400
    assert Conduct.objects.count() == 0


def test_the_limit_of_complaints_is_set_by_who_moderates(comm100: Company) -> None:
    assert comm100.owner.post(SETTINGS, do="limit", percent="0.1").status_code == 302
    assert Conduct.objects.get().complaint_limit == 10
    assert "more than 0.10%" in comm100.owner.reads(SETTINGS)
    comm100.marketing.post(SETTINGS, do="limit", percent="1")
    assert Conduct.objects.get().complaint_limit == 10


def test_the_sender_and_the_limit_of_letters_that_come_back_are_set(comm100: Company) -> None:
    sender = {"sender_name": "The team", "reply_to": "desk@comm100.example"}
    assert comm100.owner.post(SETTINGS, do="sender", **sender).status_code == 302
    assert comm100.owner.post(SETTINGS, do="soft", most="3", days="14").status_code == 302
    page = comm100.owner.reads(SETTINGS)
    assert "The team, unless a campaign gives another" in page
    assert "Go to desk@comm100.example." in page
    assert "After 3 within 14 days" in page
    assert comm100.owner.post(SETTINGS, do="soft", most="1", days="14").status_code == 400
    assert comm100.owner.post(SETTINGS, do="sender", reply_to="nobody").status_code == 400
    assert comm100.marketing.post(SETTINGS, do="sender", **sender).status_code == 403
