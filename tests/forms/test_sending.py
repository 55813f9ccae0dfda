"""A visitor sends a form over HTTP: what is kept, what is refused, what comes back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from forms.visitor import Visitor
from support.installations import Site
from support.seeded import Seed, assert_nowhere


def written(seed: Seed) -> dict[str, str]:
    return {"name": seed.name, "email": seed.email, "message": seed.message}


def test_what_is_sent_is_sealed_and_proven(
    visitor: Visitor, contact_site: Site, tmp_path: Path
) -> None:
    seed = Seed.new()
    answer = visitor.send("contact", **written(seed))
    assert answer.status == 303
    thanks = visitor.get(answer.headers["Location"])
    assert "we have it" in thanks.words
    receipt = visitor.get(answer.headers["Location"] + "/receipt.json")
    found = json.loads(receipt.text)
    assert found["entry"]["act"] == "forms.submitted"
    path = tmp_path / "receipt.json"
    path.write_text(receipt.text)
    key = contact_site.run("ledger", "key").stdout.strip()
    assert contact_site.run("ledger", "check-receipt", path, "--key", key).returncode == 0
    path.write_text(receipt.text.replace(seed.name.split()[1], "Somebody"))
    assert (
        contact_site.run("ledger", "check-receipt", path, "--key", key, check=False).returncode == 1
    )
    assert_nowhere(seed.values(), contact_site.home)


def test_a_form_sets_no_cookie(visitor: Visitor) -> None:
    for path in ("/forms/contact", "/forms/contact/embed"):
        assert visitor.get(path).headers["Set-Cookie"] is None
    assert visitor.send("contact", **written(Seed.new())).headers["Set-Cookie"] is None


@pytest.mark.parametrize(
    "extra", [{"birth-date": "1990-01-01"}, {"email2": "x"}, {"<script>": "x"}, {"phone": "1"}]
)
def test_what_the_clause_lacks_is_refused_and_nothing_kept(
    visitor: Visitor, rows: Callable[[str], int], extra: dict[str, str]
) -> None:
    before = rows("people_element")
    nonce = visitor.get("/forms/contact").field("nonce")
    answer = visitor.post("/forms/contact", {"nonce": nonce, **written(Seed.new()), **extra})
    assert answer.status == 422
    assert "names all that it may ask" in answer.words
    assert "<script>x" not in answer.text
    assert rows("people_element") == before


def test_a_missing_field_is_told_at_the_field_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    seed = Seed.new()
    answer = visitor.send("contact", name=seed.name, message=seed.message)
    assert answer.status == 422
    assert "E-mail address: This field is required." in answer.words
    assert seed.name in answer.text
    assert "nobody else may know" in answer.text


BAD = {
    "email": [
        "no",
        "a@b",
        "a b@c.example",
        "a@b.example\r\nBcc: x@y.example",
        "a" * 250 + "@b.example",
    ],
    "name": ["x" * 5000, "Ada\nMarsh", "\u202eevil", "a" + "\u0301" * 40, "\ud7ff\x07bell"],
    "website": ["javascript:alert(1)", "not a url", "http://" + "x" * 3000],
    "message": ["x" * 60_000, "\x00nul"],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in BAD.items() for v in vs])
def test_bad_values_are_refused_in_words(
    visitor: Visitor, rows: Callable[[str], int], name: str, value: str
) -> None:
    before = rows("people_element")
    answer = visitor.send("contact", **(written(Seed.new()) | {name: value}))
    assert answer.status == 422
    assert "Please look at this again" in answer.words
    assert "Traceback" not in answer.text
    assert rows("people_element") == before


GOOD = [
    "O'Brien",
    "Łukasz Żółć",
    "山田 太郎",
    "مریم",
    "<b>Bold</b>",
    "'; DROP TABLE people_person;--",
]


@pytest.mark.parametrize("name", GOOD)
def test_odd_but_honest_values_are_kept(visitor: Visitor, name: str) -> None:
    answer = visitor.send("contact", **(written(Seed.new()) | {"name": name}))
    assert answer.status == 303
    receipt = json.loads(visitor.get(answer.headers["Location"] + "/receipt.json").text)
    assert name in json.dumps(receipt, ensure_ascii=False).replace('\\"', '"')


def test_sending_twice_is_sending_once(visitor: Visitor, rows: Callable[[str], int]) -> None:
    before = rows("forms_submission")
    nonce = visitor.get("/forms/contact").field("nonce")
    data = {"nonce": nonce, **written(Seed.new())}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: visitor.post("/forms/contact", data), range(6)))
    assert {answer.status for answer in answers} == {303}
    assert rows("forms_submission") == before + 1
    changed = visitor.post("/forms/contact", data | {"message": "Something else."})
    assert changed.status == 303
    assert rows("forms_submission") == before + 2


@pytest.mark.parametrize("nonce", ["", "x", "~~", "a" * 3000, "eyJ~1~x"])
def test_a_form_not_from_our_page_is_refused_and_kept_for_another_try(
    visitor: Visitor, nonce: str
) -> None:
    seed = Seed.new()
    answer = visitor.post("/forms/contact", {"nonce": nonce, **written(seed)})
    assert answer.status == 400
    assert seed.name in answer.text
    again = visitor.post("/forms/contact", {"nonce": answer.field("nonce"), **written(seed)})
    assert again.status == 303


def test_the_mark_of_one_form_does_not_serve_another(visitor: Visitor) -> None:
    nonce = visitor.get("/forms/download").field("nonce")
    assert visitor.post("/forms/contact", {"nonce": nonce, **written(Seed.new())}).status == 400


def test_a_file_is_refused(visitor: Visitor, rows: Callable[[str], int]) -> None:
    before = rows("people_element")
    nonce = visitor.get("/forms/contact").field("nonce")
    seed = Seed.new()
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {"nonce": nonce, **written(seed)}.items()
    )
    parts += (
        '--x\r\nContent-Disposition: form-data; name="f"; filename="a.exe"\r\n\r\nMZ\r\n--x--\r\n'
    )
    answer = visitor.post("/forms/contact", parts.encode(), "multipart/form-data; boundary=x")
    assert answer.status == 422
    assert "takes no files" in answer.words
    assert rows("people_element") == before


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"name": "x"}', "application/json"),
        (b"\xff\xfe\x00garbage", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"a=1&" * 2000, "application/x-www-form-urlencoded"),
        (b"x=" + b"y" * 600_000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_broken_body_is_a_clear_error(visitor: Visitor, body: bytes, content_type: str) -> None:
    answer = visitor.post("/forms/contact", body, content_type)
    assert answer.status in (400, 413, 422)
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("token", ["x", "65b90d80~1~x", "../../etc/passwd", "a" * 400])
def test_forged_links_tell_nothing(visitor: Visitor, token: str) -> None:
    for path in (f"/forms/sent/{token}", f"/forms/sent/{token}/receipt.json"):
        assert visitor.get(path).status == 404


def test_an_unknown_form_is_no_form(visitor: Visitor) -> None:
    for name in ("nothing", "appointment", "..", "contact%00"):
        assert visitor.get(f"/forms/{name}").status == 404


def test_nobody_is_written_into_a_log(visitor: Visitor, contact_site: Site) -> None:
    seed = Seed.new()
    visitor.send("contact", **written(seed))
    visitor.send("contact", **(written(seed) | {"email": f"{seed.email}@@"}))
    visitor.get(f"/forms/{seed.name.encode().hex()}?q={seed.email}")
    visitor.get(f"/forms/sent/{seed.email}")
    log = contact_site.log.read_text("utf-8")
    assert log
    for value in (seed.email, seed.name.split()[1], seed.message):
        assert value not in log


def test_a_second_form_of_the_same_person_has_a_receipt_too(visitor: Visitor) -> None:
    seed = Seed.new()
    for _ in range(2):
        answer = visitor.send("contact", **written(seed))
        assert visitor.get(answer.headers["Location"] + "/receipt.json").status == 200


def test_the_thanks_page_leads_nobody_to_the_persons_choices(visitor: Visitor) -> None:
    answer = visitor.send("contact", **written(Seed.new()))
    assert not re.search(r"/preferences/[^\"]", visitor.get(answer.headers["Location"]).text)


def test_a_choice_added_to_a_repeat_is_not_lost(
    visitor: Visitor, rows: Callable[[str], int]
) -> None:
    seed, page = Seed.new(), visitor.get("/forms/get-in-touch")
    box = re.search(r'name="(no-[a-z-]+)"', page.text)
    assert box
    data = {"nonce": page.field("nonce"), "name": seed.name, "email": seed.email}
    data["website"] = seed.website
    before = rows("choices_choice")
    assert visitor.post("/forms/get-in-touch", data).status == 303
    assert rows("choices_choice") == before
    assert visitor.post("/forms/get-in-touch", data | {box[1]: "on"}).status == 303
    assert rows("choices_choice") == before + 1


def test_a_fault_of_ours_shows_no_value(visitor: Visitor, contact_site: Site) -> None:
    """The keyring is taken away under the running site: everything that seals breaks."""
    seed, key = Seed.new(), contact_site.home / "master.key"
    nonce = visitor.get("/forms/contact").field("nonce")
    key.rename(key.with_suffix(".away"))
    try:
        answer = visitor.post("/forms/contact", {"nonce": nonce, **written(seed)})
    finally:
        key.with_suffix(".away").rename(key)
    assert answer.status == 500
    assert "Something broke on our side" in answer.words
    log = contact_site.log.read_text("utf-8")
    assert "MasterKeyMissing" in log
    for value in seed.values():
        assert value not in answer.text
        assert value not in log
