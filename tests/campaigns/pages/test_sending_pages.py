"""Before, while and after it is sent."""

from __future__ import annotations

from datetime import timedelta

import dkim
import pytest

from campaigns.pages.letters import SYSTEM, begun, sent, written
from console.cast import Company, words
from support.mail import Mailbox
from troth.channels.campaigns import actions, keys, tokens
from troth.channels.campaigns.models import Campaign, Copy
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.gate.models import Stance
from troth.core.ledger.models import Pending
from troth.core.people.models import Person

pytestmark = pytest.mark.xdist_group("campaigns-pages")


def url(campaign: Campaign, rest: str = "") -> str:
    return f"/console/campaigns/{campaign.ref}" + (f"/{rest}" if rest else "")


def says_no(person: Person) -> None:
    actor = Actor("person", person.ref, person_id=person.pk)
    choose(person, actor=actor, purpose="newsletter", yes=False, way="preference-link")


def test_who_gets_it_and_why_not(comm100: Company) -> None:
    says_no(comm100.customers[0].person)
    page = comm100.marketing.get(url(written(), "audience"))
    said = words(page)
    assert "2 of 8 people get it" in said
    assert "Said no to this purpose § 3.6 1 12.5%" in said.replace("\u202f", " ")
    assert "<svg" in page.content.decode()


def test_the_question_before_it_leaves_says_to_how_many(comm100: Company) -> None:
    campaign = written()
    page = comm100.marketing.reads(url(campaign, "send"))
    assert "3 of 8 people get it" in page
    assert "Send to 3 people" in page
    assert "Gave their address for other purposes" in page
    answer = comm100.marketing.post(url(campaign, "send"), when="now")
    assert answer["Location"] == url(campaign)
    campaign.refresh_from_db()
    assert campaign.state == "scheduled"
    assert "It leaves by itself" in comm100.marketing.reads(url(campaign))


def test_it_can_be_sent_later_and_not_in_the_past(comm100: Company) -> None:
    campaign = written()
    past = comm100.marketing.post(url(campaign, "send"), when="later", at="2020-01-01T09:00")
    assert past.status_code == 422
    assert "This is past" in words(past)
    none = comm100.marketing.post(url(campaign, "send"), when="later", at="")
    assert "Choose a day and time" in words(none)
    at = clock.now() + timedelta(days=2)
    comm100.marketing.post(url(campaign, "send"), when="later", at=f"{at:%Y-%m-%dT%H:%M}")
    campaign.refresh_from_db()
    assert campaign.scheduled_for is not None
    assert abs(campaign.scheduled_for - at) < timedelta(minutes=1)


def test_an_empty_letter_is_not_handed_in(comm100: Company) -> None:
    campaign = written(body=" ")
    answer = comm100.marketing.post(url(campaign, "send"), when="now")
    assert answer.status_code == 422
    assert "The letter is empty." in words(answer)


def test_nobody_to_write_to_is_said(comm100: Company) -> None:
    for customer in comm100.customers:
        says_no(customer.person)
    page = comm100.marketing.reads(url(written(), "send"))
    assert "Nobody would get it" in page
    assert "Send to" not in page.partition("Nobody would get it")[2]


def test_a_test_is_marked_and_makes_nobody_a_recipient(comm100: Company, sink: Mailbox) -> None:
    campaign = written(subject_b="Or this")
    answer = comm100.marketing.post(
        url(campaign, "test"), to="other", address="reader@elsewhere.example"
    )
    assert answer.status_code == 302, words(answer)
    first, second = sink.wait(2)
    assert first.recipients == ["reader@elsewhere.example"]
    assert first.message["Subject"] == "[Test] News for [name]"
    assert second.message["Subject"] == "[Test] Or this"
    record = keys.signer("comm100.example").record()[1].encode()
    assert dkim.DKIM(first.raw).verify(dnsfunc=lambda _name, timeout=5: record)
    body = first.message.get_body(("plain",))
    assert body is not None
    assert "we made" in body.get_content()
    assert not Copy.objects.exists()
    page = comm100.marketing.reads(url(campaign))
    assert "The test was accepted by the mail server." in page
    assert "reader@elsewhere.example" not in page


def test_a_test_to_oneself_uses_the_address_held(comm100: Company, sink: Mailbox) -> None:
    comm100.marketing.post(url(written(), "test"), to="me")
    (received,) = sink.wait(1)
    assert received.recipients == ["marketing@staff.example"]


def test_a_test_that_fails_is_said_beside_what_was_typed(comm100: Company) -> None:
    campaign = written()
    wrong = comm100.marketing.post(url(campaign, "test"), to="other", address="no address")
    assert wrong.status_code == 422
    assert 'value="no address"' in wrong.content.decode()
    none = comm100.marketing.post(url(campaign, "test"), to="other", address="")
    assert "Write the address the test goes to." in words(none)
    empty = comm100.marketing.post(url(written(body=""), "test"), to="other", address="a@b.example")
    assert "The letter is empty." in words(empty)


def test_pausing_going_on_and_cancelling(comm100: Company) -> None:
    campaign = begun()
    for step, state in (("pause", "paused"), ("resume", "sending"), ("cancel", "cancelled")):
        comm100.marketing.post(url(campaign, "step"), step=step)
        campaign.refresh_from_db()
        assert campaign.state == state
    again = comm100.marketing.post(url(campaign, "step"), step="pause")
    assert again.status_code == 409
    assert "You cannot pause it: the campaign was cancelled" in words(again)
    assert comm100.marketing.post(url(campaign, "step"), step="explode").status_code == 400


def test_copying_and_throwing_away(comm100: Company) -> None:
    campaign = sent(subject_b="Other", share_b=30)
    answer = comm100.marketing.post(url(campaign, "step"), step="duplicate")
    copied = Campaign.objects.get(name="Spring (copy)")
    assert answer["Location"] == url(copied)
    assert (copied.state, copied.body, copied.share_b) == ("draft", campaign.body, 30)
    comm100.marketing.post(url(copied, "step"), step="remove")
    assert not Campaign.objects.filter(pk=copied.pk).exists()
    kept = comm100.marketing.post(url(campaign, "step"), step="remove")
    assert kept.status_code == 409


def test_progress_while_it_is_being_sent(comm100: Company) -> None:
    campaign = begun()
    one = campaign.copies.order_by("id").first()
    assert one is not None
    campaign.copies.filter(pk=one.pk).update(state="accepted", settled_at=clock.now())
    Campaign.objects.filter(pk=campaign.pk).update(frozen_at=clock.now() - timedelta(seconds=10))
    page = comm100.marketing.get(url(campaign, "report"))
    said = words(page)
    assert "1 of 3 copies" in said
    assert "0.1 a second on average" in said
    assert 'hx-trigger="every 2s"' in page.content.decode()
    assert 'http-equiv="refresh"' in page.content.decode()


def test_the_report_names_replies_and_the_clause_of_not_counting(comm100: Company) -> None:
    campaign = sent()
    bad = campaign.copies.order_by("id").first()
    assert bad is not None
    bad.state, bad.code, bad.words = Copy.State.FAILED, "550 5.1.1", "No such user"
    bad.save()
    says_no(comm100.customers[2].person)
    page = comm100.marketing.get(url(campaign, "report"))
    said = words(page)
    assert "2 of 3 copies were accepted" in said
    assert "No such user 550 5.1.1 failed 1" in said
    assert "Said no to this purpose 1 person of those it reached" in said
    assert "Not counted. No clause collects it; § 3.6" in said.replace("\u202f", " ")
    assert "http-equiv" not in page.content.decode()


def test_the_better_subject_is_said_to_come_and_chosen_by_hand(comm100: Company) -> None:
    campaign = begun(subject_b="Or this", share_b=50, try_share=50, try_hours=3)
    page = comm100.marketing.reads(url(campaign, "report"))
    assert "The others wait for the better subject" in page
    assert "by who left or complained: openings are not counted under this policy" in page
    assert "tried on 50 of a hundred for 3 hours" in comm100.marketing.reads(url(campaign))
    comm100.marketing.post(url(campaign, "step"), step="subject-b")
    assert "The others got subject B: somebody of the staff chose it." in comm100.marketing.reads(
        url(campaign, "report")
    )
    assert not Copy.objects.filter(subject="-").exists()
    assert comm100.marketing.post(url(campaign, "step"), step="subject-a").status_code == 409


def test_openings_are_shown_where_a_clause_collects_them(comindware: Company) -> None:
    campaign = sent(subject_b="The other", share_b=50)
    campaign.copies.update(subject="b", opened_at=clock.now())
    said = comindware.marketing.reads(url(campaign, "report"))
    assert "Counted only of those who said yes to “Seeing whether our mails are opened”" in said
    assert "B: The other 3 3 (100.0%)" in said


def test_failed_copies_are_listed_sealed_until_a_purpose_is_picked(comm100: Company) -> None:
    campaign = sent()
    mine = campaign.copies.filter(person__root_id=comm100.customers[0].person.root_id)
    mine.update(state="bounced", code="550 5.1.1", words="No such user")
    email = comm100.customers[0].seed.email
    before = comm100.owner.reads(url(campaign, "failures"))
    assert "came back" in before
    assert "No such user" in before
    assert str(comm100.customers[0].person.root) in before
    assert email not in before
    comm100.owner.pick("newsletter")
    assert email in comm100.owner.reads(url(campaign, "failures"))
    opened = [bytes(body) for body in Pending.objects.values_list("body", flat=True)]
    assert any(b'"act":"gate.used_many"' in body and b'"count":1' in body for body in opened)
    assert not any(email.encode() in body for body in opened)
    assert "Nothing failed" in comm100.owner.reads(url(campaign, "failures"), which="failed")


def test_copies_that_may_have_arrived_twice_are_named(comm100: Company) -> None:
    campaign = sent()
    campaign.copies.filter(person__root_id=comm100.customers[1].person.root_id).update(
        uncertain=True
    )
    assert "Sent again, unsure 1 copy" in comm100.marketing.reads(url(campaign, "report"))
    page = comm100.marketing.reads(url(campaign, "failures"), which="uncertain")
    assert "got it once or twice" in page
    assert str(comm100.customers[1].person.root) in page


def test_nothing_failed_and_no_copy_have_words(comm100: Company) -> None:
    assert "Nothing failed" in comm100.marketing.reads(url(sent(), "failures"))
    for customer in comm100.customers:
        says_no(customer.person)
    assert "No copy was made" in comm100.marketing.reads(url(begun(), "report"))


def test_the_unsubscribe_page_changes_nothing_until_its_button(comm100: Company) -> None:
    campaign = sent()
    copy = campaign.copies.order_by("id").first()
    assert copy is not None
    path = f"/campaigns/unsubscribe/{tokens.short(copy.pk)}"
    looked = comm100.agent.get(path)
    assert "Write to me no more for this" in words(looked)
    assert not Stance.objects.filter(purpose="newsletter").exists()
    done = comm100.agent.post(path)
    assert "You are off the list" in words(done)
    assert "All your choices" in words(done)
    assert Stance.objects.filter(purpose="newsletter", decision="refused").exists()


def test_a_stop_of_everything_is_seen_everywhere(comm100: Company) -> None:
    actions.stop(actor=SYSTEM, cause="complaints")
    assert "All are stopped" in comm100.marketing.reads("/console/campaigns/")
    assert "All campaigns are stopped" in comm100.marketing.reads(url(written(), "send"))
    assert "All campaigns are stopped" in comm100.marketing.reads("/console/")
    settings = comm100.marketing.reads("/console/campaigns/settings")
    assert "Too many people reported letters as unwanted." in settings
    comm100.marketing.post("/console/campaigns/settings", do="release")
    assert "Campaigns may leave" in comm100.marketing.reads("/console/campaigns/settings")
