"""What follows a form: mail with an invitation, a case number, a mark; throttles; a new version."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable

import icalendar

from forms.visitor import Visitor
from support.installations import Installation, Site, served
from support.mail import Mailbox
from support.seeded import Seed


def test_an_appointment_is_booked_once_and_an_invitation_comes(
    mailing_site: Callable[[str], Site], smtp: Mailbox
) -> None:
    visitor, seed = Visitor(mailing_site("comantra")), Seed.new()
    page = visitor.get("/forms/appointment")
    slot = page.field("slot")
    answer = visitor.send("appointment", name=seed.name, email=seed.email, slot=slot)
    assert answer.status == 303
    assert "Your appointment" in visitor.get(answer.headers["Location"]).words
    received = smtp.wait()[0]
    assert received.recipients == [seed.email]
    parts = [p for p in received.message.walk() if p.get_content_type() == "text/calendar"]
    calendar = icalendar.Calendar.from_ical(parts[0].get_content())
    event = calendar.walk("VEVENT")[0]
    assert event.decoded("dtstart").isoformat() == slot
    assert str(event["attendee"]) == f"mailto:{seed.email}"
    text = received.message.get_body(("plain",)).get_content()
    assert "/preferences/" in text
    assert seed.name not in text
    other = Seed.new()
    taken = visitor.send("appointment", name=other.name, email=other.email, slot=slot)
    assert taken.status == 409
    assert other.name in taken.text
    assert slot not in visitor.get("/forms/appointment").text


def test_a_drop_off_gets_a_number(mailing_site: Callable[[str], Site], smtp: Mailbox) -> None:
    visitor, seed = Visitor(mailing_site("comantra")), Seed.new()
    numbers = []
    for _ in range(2):
        answer = visitor.send(
            "drop-off", name=seed.name, email=seed.email, item="Laptop", message=seed.message
        )
        words = visitor.get(answer.headers["Location"]).words
        numbers.append(int(re.search(r"number (\d+)", words)[1]))  # type: ignore[index]
    assert numbers[1] == numbers[0] + 1
    subjects = [str(received.message["Subject"]) for received in smtp.wait(2)]
    assert all(re.search(r"\d{4}", subject) for subject in subjects)


def test_no_solicitation_works_by_address_alone(
    mailing_site: Callable[[str], Site],
) -> None:
    site = mailing_site("com1")
    visitor, seed = Visitor(site), Seed.new()
    assert visitor.send("no-solicitation", email=seed.email).status == 303


def test_a_flood_is_told_to_wait(make_installation: Callable[..., Installation]) -> None:
    with served(make_installation(TROTH_FORMS_PER_MINUTE="5"), "web") as site:
        visitor = Visitor(site)
        answers = [visitor.post("/forms/contact", {"nonce": ""}) for _ in range(13)]
    assert answers[0].status == 400
    # A minute may end in between: thirteen in two minutes are still more than five in one.
    refused = next(answer for answer in answers if answer.status == 429)
    assert int(refused.headers["Retry-After"]) > 0
    assert "Try again in" in refused.words


def test_a_form_of_an_older_version_is_shown_again_with_what_was_typed(
    make_installation: Callable[..., Installation], tmp_path: object
) -> None:
    made = make_installation()
    with served(made) as site:
        visitor, seed = Visitor(site), Seed.new()
        nonce = visitor.get("/forms/contact").field("nonce")
        newer = site.home / "newer.toml"
        source = visitor.get("/policy.toml").text
        newer.write_text(source.replace('version = "2010-05-18"', 'version = "2010-06-01"'))
        site.run("publish", newer)
        data = {"nonce": nonce, "name": seed.name, "email": seed.email, "message": seed.message}
        answer = visitor.post("/forms/contact", data)
        assert answer.status == 409
        assert "policy changed while you were writing" in answer.words
        assert seed.name in answer.text
        data["nonce"] = answer.field("nonce")
        assert visitor.post("/forms/contact", data).status == 303


def test_a_yes_counts_only_from_whoever_reads_the_address(
    mailing_site: Callable[[str], Site], smtp: Mailbox
) -> None:
    site, seed = mailing_site("comintech"), Seed.new()
    visitor = Visitor(site)
    page = visitor.get("/forms/get-in-touch")
    box = re.search(r'name="(yes-([a-z-]+))"', page.text)
    assert box
    option = re.search(r'<option value="([^"]+)"', page.text)
    values = {"name": seed.name, "email": seed.email, box[1]: "on"}
    values["interest"] = option[1] if option else "Hosting"
    assert visitor.send("get-in-touch", **values).status == 303
    text = smtp.wait()[0].message.get_body(("plain",)).get_content()
    link = re.search(r"https?://[^/]+(/forms/confirm/[^\s>)]+)", text)
    assert link
    assert "Was that you?" in visitor.get(link[1]).words
    assert choices(site) == []
    assert "Thank you" in visitor.post(link[1], {}).words
    assert visitor.post(link[1], {}).status == 200
    assert choices(site) == [(box[2], "given")]


def choices(site: Site) -> list[tuple[str, str]]:
    with sqlite3.connect(site.home / "main.sqlite3") as database:
        return database.execute("SELECT purpose, decision FROM choices_choice").fetchall()
