"""Forms as JSON: the same rules as on their pages, described in an OpenAPI 3.1 document."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from accounts.conftest import Company, company, made, server  # noqa: F401 - fixtures
from support.seeded import Seed, assert_nowhere
from troth.channels.forms.fields import UNDER_AGE
from troth.channels.forms.models import SignUp, Submission
from troth.core.actors import Actor
from troth.core.ledger.models import Pending
from troth.core.notices.publish import publish
from troth.core.people.models import Person

CONTACT = "/forms/contact.json"
SOURCE = Path(__file__).resolve().parents[2] / "policies" / "comm100.toml"
COMPANIES = ["comm100", "com1", "comindware", "comintech", "comantra"]


def post(path: str, body: Any, **more: Any) -> Any:
    """Send JSON, as a program does: no cookie, and no token but the form's own."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client(enforce_csrf_checks=True).post(
        path, text, content_type="application/json", **more
    )


def contact(seed: Seed) -> dict[str, Any]:
    return {"name": seed.name, "email": seed.email, "message": seed.message}


def filled(form: dict[str, Any], seed: Seed) -> dict[str, Any]:
    """A fitting value for everything that a form requires."""
    by_type = {"email": seed.email, "tel": seed.phone, "url": seed.website, "date": "1990-02-03"}
    return {
        field["name"]: (field.get("options") or [by_type.get(field["type"], seed.name)])[0]
        for field in form["fields"]
        if field["required"]
    }


def valid(answer: Any, path: str, method: str) -> Any:
    """The content of an answer, once it fits what the document says of it."""
    document = Client().get("/api/openapi.json").json()
    said = document["paths"][path][method]["responses"][str(answer.status_code)]
    [(content_type, content)] = said["content"].items()
    assert answer["Content-Type"] == content_type
    schema = {**content["schema"], "components": document["components"]}
    Draft202012Validator(schema).validate(answer.json())
    return answer.json()


@pytest.mark.parametrize("company", COMPANIES, indirect=True)
def test_every_form_is_described_and_takes_what_it_describes(company: Company) -> None:  # noqa: F811
    document = Client().get("/api/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert document["paths"]
    for path, methods in document["paths"].items():
        seed = Seed.new()
        form = valid(Client().get(path), path, "get")
        assert form["version"] == document["info"]["version"]
        schema = methods["post"]["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator.check_schema(schema)
        body = {"nonce": form["nonce"], "values": filled(form, seed)}
        yes = [one["name"] for one in form["fields"] if one["name"].startswith("yes-")]
        body["values"] |= dict.fromkeys(yes, True)
        Draft202012Validator(schema).validate(body)
        answer = post(path, body)
        assert answer.status_code in (201, 202), (path, answer.content)
        valid(answer, path, "post")
        assert {one["name"] for one in form["fields"]} == set(
            schema["properties"]["values"]["properties"]
        )
    assert Person.objects.exists()


def test_what_is_sent_has_a_receipt(company: Company) -> None:  # noqa: F811
    seed = Seed.new()
    form = Client().get(CONTACT).json()
    body = {"nonce": form["nonce"], "values": contact(seed)}
    answers = [post(CONTACT, body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    submission = Submission.objects.get()
    taken = answers[0].json()
    assert taken["ref"] == submission.ref
    assert (taken["clause"], taken["version"]) == (form["clause"], form["version"])
    receipt = Client().get(re.sub(r"https?://[^/]+", "", taken["receipt"]))
    assert receipt.status_code == 200
    assert receipt.json()
    assert_nowhere(seed.values(), company.folder)


def test_a_call_under_an_old_version_gets_the_notice_in_force(company: Company) -> None:  # noqa: F811
    seed = Seed.new()
    form = Client().get(CONTACT).json()
    newer = re.sub(r'(?m)^version = ".*?"', 'version = "next"', SOURCE.read_text("utf-8"), count=1)
    publish(newer, actor=Actor.system("cli"))
    answer = post(CONTACT, {"nonce": form["nonce"], "values": contact(seed)})
    assert answer.status_code == 409
    conflict = valid(answer, CONTACT, "post")
    assert not Submission.objects.exists()
    assert conflict["sent"] == contact(seed), "what was sent survives"
    assert conflict["form"]["version"] == "next"
    assert conflict["form"]["notice"]
    again = post(CONTACT, {"nonce": conflict["form"]["nonce"], "values": conflict["sent"]})
    assert again.status_code == 201
    assert Submission.objects.get().version == "next"


FAULTS = [
    ({"email": "nobody"}, "email"),
    ({"email": ""}, "email"),
    ({"email": None}, "email"),
    ({"email": 7}, "email"),
    ({"name": ["x"]}, "name"),
    ({"name": {"a": 1}}, "name"),
    ({"name": True}, "name"),
    ({"name": "\ud800"}, "name"),
    ({"name": "a\x00b"}, "name"),
    ({"message": "x" * 60_000}, "message"),
    ({"no-such": "x"}, "form"),
    ({"nonce": "x"}, "form"),
    ({"homepage": "x"}, "form"),
]


@pytest.mark.parametrize(("change", "field"), FAULTS)
def test_faults_are_told_by_field(company: Company, change: dict[str, Any], field: str) -> None:  # noqa: F811
    form = Client().get(CONTACT).json()
    sent = {"nonce": form["nonce"], "values": contact(Seed.new()) | change}
    answer = post(CONTACT, sent)
    assert answer.status_code == 422
    faults = valid(answer, CONTACT, "post")
    assert list(faults["errors"]) == [field]
    assert not Submission.objects.exists()
    sent["values"] = contact(Seed.new())
    assert post(CONTACT, sent).status_code == 201, "the nonce still holds"


BODIES = [
    "{", "[]", "null", '"x"', "{}", '{"nonce": 1, "values": {}}', '{"nonce": "x"}',
    '{"nonce": "x", "values": []}', '{"nonce": "x", "values": {}, "more": 1}', "[" * 100_000,
    b"\xff\xfe", '{"nonce": "x", "values": {}}', '{"nonce": "' + "~" * 5000 + '", "values": {}}',
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_what_is_no_call_is_refused_with_a_reason(company: Company, body: str | bytes) -> None:  # noqa: F811
    answer = post(CONTACT, body)
    assert answer.status_code == 400
    assert valid(answer, CONTACT, "post")["detail"]


def test_other_content_and_too_much_of_it_is_refused(company: Company) -> None:  # noqa: F811
    browser = Client()
    assert browser.post(CONTACT, {"nonce": "x"}).status_code == 415
    assert post(CONTACT, "x" * 300_000).status_code == 413
    assert browser.put(CONTACT).status_code == 405
    assert browser.get("/forms/no-such.json").status_code == 404
    assert post("/forms/no-such.json", {}).status_code == 404


@pytest.mark.usefixtures("one_window")
def test_a_caller_is_told_when_to_come_back(company: Company) -> None:  # noqa: F811
    answers = [post(CONTACT, "{") for _ in range(22)]
    assert [answer.status_code for answer in answers] == [400] * 20 + [429] * 2
    valid(answers[-1], CONTACT, "post")
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert Client().get(CONTACT).status_code == 200


@pytest.mark.parametrize("box", [True, "on", "yes", 1, [1]])
@pytest.mark.parametrize("nonce", ["", "x"])
def test_a_child_leaves_nothing(company: Company, box: Any, nonce: str) -> None:  # noqa: F811
    seed = Seed.new()
    nonce = nonce or Client().get(CONTACT).json()["nonce"]
    answer = post(CONTACT, {"nonce": nonce, "values": contact(seed) | {UNDER_AGE: box}})
    assert answer.status_code == 422
    text = json.dumps(valid(answer, CONTACT, "post"), ensure_ascii=False)
    assert "under 13" in text
    assert not [value for value in seed.values() if value in text]
    assert not Person.objects.exists()
    assert_nowhere(seed.values(), company.folder)
    marks = [b for b in Pending.objects.values_list("body", flat=True) if b"child_refused" in b]
    assert len(marks) == 1


@pytest.mark.parametrize("company", ["comintech"], indirect=True)
def test_double_opt_in_holds_for_programs_too(company: Company) -> None:  # noqa: F811
    seed, path = Seed.new(), "/forms/newsletter.json"
    form = Client().get(path).json()
    values: dict[str, Any] = {"email": seed.email}
    answer = post(path, {"nonce": form["nonce"], "values": values})
    assert answer.status_code == 422
    assert "Tick" in valid(answer, path, "post")["title"]
    answer = post(path, {"nonce": form["nonce"], "values": values | {"yes-newsletter": True}})
    assert answer.status_code == 202
    assert valid(answer, path, "post")["state"] == "asked"
    assert SignUp.objects.count() == 1
    assert not Person.objects.exists()
