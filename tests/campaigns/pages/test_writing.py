"""Writing: what is refused is said with its clause, and nothing that was typed is lost."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from campaigns.pages.letters import BODY, sent, written
from console.cast import Colleague, Company, words
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.queries import explain

NEW = "/console/campaigns/new"
FIELDS = {
    "name": "Spring",
    "purpose": "newsletter",
    "subject": "News",
    "format": "markdown",
    "body": BODY,
}

pytestmark = pytest.mark.xdist_group("campaigns-pages")


def write(colleague: Colleague, path: str = NEW, **given: Any) -> Any:
    return colleague.post(path, **(FIELDS | given))


def looks_at(colleague: Colleague, **given: Any) -> Any:
    return colleague.post("/console/campaigns/preview", **(FIELDS | given))


def shown(answer: Any) -> str:
    """The letter inside the frame."""
    found = re.search(r'srcdoc="([^"]*)"', answer.content.decode())
    assert found, words(answer)
    return html.unescape(found[1])


def test_the_first_screen_says_what_to_do_first(comm100: Company) -> None:
    assert "Write the first campaign" in comm100.marketing.reads("/console/campaigns/")


def test_only_purposes_people_can_refuse_are_offered_with_their_clause(comm100: Company) -> None:
    page = comm100.owner.get(NEW).content.decode()
    assert 'value="newsletter"' in page
    assert 'value="support"' not in page
    assert "News about new features" in page
    assert "§ 3.6: read this clause" in page


def test_a_role_sees_its_own_purposes_alone(comm100: Company) -> None:
    page = comm100.marketing.get(NEW).content.decode()
    assert 'value="newsletter"' in page
    assert 'value="surveys"' not in page


def test_a_draft_is_saved_and_shown(comm100: Company) -> None:
    answer = write(comm100.marketing, subject_b="Other news", share_b="40", in_archive="on")
    campaign = Campaign.objects.get()
    assert answer["Location"] == f"/console/campaigns/{campaign.ref}"
    assert (campaign.share_b, campaign.in_archive, campaign.state) == (40, True, "draft")
    page = comm100.marketing.reads(answer["Location"])
    assert "40 of a hundred get the second" in page
    assert "Spring" in comm100.marketing.reads("/console/campaigns/", state="drafts")


def test_a_slot_the_purpose_may_not_use_is_refused_with_the_clause(comm100: Company) -> None:
    typed = "Dear {{ message }}, all that I typed"
    answer = write(comm100.marketing, body=typed)
    assert answer.status_code == 422
    said = words(answer)
    assert "{{ message }} may not stand in this campaign." in said
    assert "§" in said.partition("may not stand")[2].partition("Name")[0]
    assert html.escape(typed) in answer.content.decode()
    assert not Campaign.objects.exists()


def test_what_was_typed_survives_a_missing_name(comm100: Company) -> None:
    answer = write(comm100.marketing, name="", subject="My own subject", sender_name="The team")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="My own subject"' in page
    assert 'value="The team"' in page
    assert "we made *something* new" in page
    assert "Please look at this again" in words(answer)


def test_a_purpose_that_is_none_is_refused_beside_what_was_typed(comm100: Company) -> None:
    answer = write(comm100.marketing, purpose="support")
    assert answer.status_code == 422
    assert "we made *something* new" in answer.content.decode()


def test_a_second_subject_asks_for_its_share(comm100: Company) -> None:
    answer = write(comm100.marketing, subject_b="Other", share_b="")
    assert "Say how many get the second subject" in words(answer)


def test_the_preview_shows_the_letter_and_its_text_part(comm100: Company) -> None:
    answer = looks_at(comm100.marketing)
    assert answer.status_code == 200
    letter = shown(answer)
    assert "<em>something</em>" in letter
    assert "Dear [name]," in letter
    assert "Unsubscribe" in letter
    assert "Spring news" in words(answer)
    assert not Campaign.objects.exists()


def test_a_letter_for_everybody_has_a_link_to_its_page(comm100: Company) -> None:
    assert "Read it in the browser" in shown(looks_at(comm100.marketing, in_archive="on"))
    assert "Read it in the browser" not in shown(looks_at(comm100.marketing))


def test_the_preview_runs_nothing(comm100: Company) -> None:
    body = "<script>alert(1)</script><p onclick='x()'>Hello</p><a href='javascript:x()'>x</a>"
    answer = looks_at(comm100.marketing, body=body, format="html")
    letter = shown(answer)
    assert "Hello" in letter
    for bad in ("<script", "onclick", "javascript:"):
        assert bad not in letter
    assert re.search(r"<iframe [^>]*\bsandbox\b(?!=)", answer.content.decode())


def test_the_preview_refuses_what_saving_would(comm100: Company) -> None:
    answer = looks_at(comm100.marketing, body="{{ message }}")
    assert "may not stand in this campaign" in words(answer)
    assert comm100.marketing.post("/console/campaigns/preview").status_code == 200


def test_without_script_a_button_shows_the_letter(comm100: Company) -> None:
    answer = write(comm100.marketing, do="look", name="")
    assert answer.status_code == 200
    assert "<em>something</em>" in shown(answer)
    assert "Please look at this again" not in words(answer)
    assert not Campaign.objects.exists()


def test_only_our_own_mail_style_counts_in_the_frame(comm100: Company) -> None:
    policy = comm100.marketing.get(NEW)["Content-Security-Policy"]
    styles = next(part for part in policy.split(";") if part.strip().startswith("style-src"))
    assert "'sha256-" in styles
    assert "unsafe-inline" not in styles


def test_a_segment_by_place_is_kept_and_counts(comm100: Company) -> None:
    condition = '{"by":"touchpoint","touchpoint":"forms.contact"}'
    write(comm100.marketing, segment=condition)
    campaign = Campaign.objects.get()
    assert campaign.segment == [{"by": "touchpoint", "touchpoint": "forms.contact"}]
    page = comm100.marketing.get(f"/console/campaigns/{campaign.ref}/edit").content.decode()
    ticked = [tag for tag in re.findall(r"<input[^>]*>", page) if " checked" in tag]
    assert any("forms.contact" in tag for tag in ticked)
    said = comm100.marketing.reads(f"/console/campaigns/{campaign.ref}")
    assert "People who gave their data at “" in said


def test_a_segment_by_one_exact_value_keeps_the_value_sealed(comm100: Company) -> None:
    seed = comm100.customers[0].seed
    write(comm100.owner, value_category="user.name", value_text=seed.name)
    campaign = Campaign.objects.get()
    assert seed.name not in str(campaign.segment)
    assert explain(campaign).gets == 1
    page = comm100.owner.reads(f"/console/campaigns/{campaign.ref}")
    assert "have one exact" in page
    assert seed.name not in page
    edited = comm100.owner.get(f"/console/campaigns/{campaign.ref}/edit").content.decode()
    (code,) = map(html.unescape, re.findall(r'value="([^"]*index[^"]*)"', edited))
    write(comm100.owner, f"/console/campaigns/{campaign.ref}/edit", segment=code)
    campaign.refresh_from_db()
    assert explain(campaign).gets == 1


def test_what_was_sent_cannot_be_changed(comm100: Company) -> None:
    campaign = sent()
    answer = write(comm100.marketing, f"/console/campaigns/{campaign.ref}/edit", subject="Other")
    assert answer.status_code == 302
    campaign.refresh_from_db()
    assert campaign.subject != "Other"


def test_the_list_filters_by_state_and_pages(comm100: Company) -> None:
    sent(name="Gone out")
    for number in range(21):
        written(name=f"Draft {number}")
    drafts = comm100.marketing.reads("/console/campaigns/", state="drafts")
    assert "Gone out" not in drafts
    assert "1–20 of 21 campaigns" in drafts
    ended = comm100.marketing.reads("/console/campaigns/", state="ended")
    assert "Gone out" in ended
    assert "sent 3 copies" in ended
    assert "None like that" in comm100.marketing.reads("/console/campaigns/", state="under-way")


def test_the_pages_are_for_those_who_may_write(comm100: Company) -> None:
    ref = written().ref
    for path in ("", "new", ref, f"{ref}/edit", f"{ref}/audience", f"{ref}/send"):
        for name in ("agent", "auditor"):
            answer = comm100.staff[name].get(f"/console/campaigns/{path}")
            assert answer.status_code == 403, path
    assert comm100.marketing.get("/console/campaigns/waiting").status_code == 403
    assert comm100.marketing.get("/console/campaigns/lists").status_code == 403
    assert comm100.owner.get("/console/campaigns/nosuch").status_code == 404
