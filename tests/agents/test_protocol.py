"""Data Rights Protocol 1.0, spoken to over HTTP as an agent does, with an independent signature."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from support.askers import Company, Customer, Mails, link, visitor, words
from support.seeded import assert_nowhere
from troth.channels.agents.api import forget_past
from troth.channels.agents.models import Agent, Exercise, Seen
from troth.core import clock
from troth.core.rights.models import Request


@dataclass
class Asking:
    """An agent's software."""

    key: str = "AGENT_ONE"
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    token: str = ""

    @property
    def verify_key(self) -> str:
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return b64encode(raw).decode()

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        found = {
            "agent-id": self.key,
            "business-id": "COMM100",
            "issued-at": (now - timedelta(seconds=1)).isoformat(timespec="milliseconds"),
            "expires-at": (now + timedelta(minutes=10)).isoformat(timespec="milliseconds"),
            "drp.version": "1.0",
        }
        return {key: value for key, value in (found | changes).items() if value is not None}

    def signed(self, claims: Any, private: Ed25519PrivateKey | None = None) -> str:
        body = json.dumps(claims).encode()
        return b64encode((private or self.private).sign(body) + body).decode()

    def call(self, method: str, path: str, body: str = "", token: str | None = None) -> Any:
        bearer = self.token if token is None else token
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        return visitor().generic(method, path, body, content_type="text/plain", headers=headers)

    def set_up(self, **changes: Any) -> Any:
        sent = self.signed(self.claims(**changes))
        answer = self.call("POST", f"/v1/agent/{self.key}", sent, token="")
        if answer.status_code == 200:
            self.token = answer.json()["token"]
        return answer

    def exercise(self, **changes: Any) -> Any:
        wanted = {"exercise": "access", "regime": "ccpa", "email_verified": True, "name": "Zébédée"}
        return self.call(
            "POST", "/v1/data-rights-request", self.signed(self.claims(**wanted | changes))
        )

    def status(self, number: str) -> Any:
        return self.call("GET", f"/v1/data-rights-request/{number}")


@pytest.fixture
def enter(company: Company, owner: Client) -> Callable[..., Asking]:
    """Have an owner enter an agent in the console."""

    def make(key: str = "AGENT_ONE", *, vouches: bool = True) -> Asking:
        made = Asking(key)
        form = {"key": key, "name": f"Agent {key}", "verify_key": made.verify_key, "web_url": ""}
        answer = owner.post("/console/agents/new", form | ({"vouches": "on"} if vouches else {}))
        assert answer.status_code == 302, words(answer)
        return made

    return make


@pytest.fixture
def agent(enter: Callable[..., Asking]) -> Asking:
    """One with its token."""
    made = enter()
    assert made.set_up().status_code == 200
    return made


def test_an_agent_gets_a_token_for_a_signature_and_only_its_digest_is_kept(
    company: Company, agent: Asking, owner: Client
) -> None:
    assert agent.call("GET", "/v1/agent/AGENT_ONE").json() == {}
    assert agent.call("GET", "/v1/agent/AGENT_TWO").status_code == 403
    assert agent.call("GET", "/v1/agent/AGENT_ONE", token="wrong").status_code == 403
    assert_nowhere([agent.token], company.folder)
    before = agent.token
    assert agent.set_up().status_code == 200
    assert agent.call("GET", "/v1/agent/AGENT_ONE", token=before).status_code == 403
    text = words(owner.get("/console/agents/"))
    assert "in use" in text
    assert '"id": "COMM100"' in text


def test_a_verified_request_runs_and_its_state_can_be_read(
    company: Company, agent: Asking, ada: Customer, mails: Mails
) -> None:
    answer = agent.exercise(email=ada.seed.email, **{"agent-request-id": "mine-1"})
    assert answer.status_code == 200
    found = answer.json()
    assert found["status"] == "in_progress"
    assert found["agent_request_id"] == "mine-1"
    assert UUID(found["request_id"])
    assert datetime.fromisoformat(found["expected_by"]) > datetime.now(UTC)
    assert company.newest.person == ada.person
    assert (company.newest.way, company.newest.proved) == ("agent", "agent")
    mails.new()
    done = agent.status(found["request_id"]).json()
    assert done["status"] == "fulfilled"
    path = done["results_url"].partition("/rights/")[2]
    assert visitor().post(f"/rights/{path}").content[:2] == b"PK"
    with clock.at(clock.now() + timedelta(days=31)):
        assert agent.status(found["request_id"]).json()["status"] == "expired"
    assert_nowhere([ada.seed.email, "Zébédée"], company.folder)


def test_what_was_not_verified_waits_for_the_person(
    company: Company, enter: Callable[..., Asking], ada: Customer, mails: Mails
) -> None:
    agent = enter(vouches=False)
    agent.set_up()
    found = agent.exercise(email=ada.seed.email, exercise="deletion").json()
    assert (found["status"], found["reason"]) == ("in_progress", "need_user_verification")
    assert "expected_by" not in found
    confirm = link(mails.one()[2], "confirm")
    page = "/rights/" + found["user_verification_url"].partition("/rights/")[2]
    assert "Send me the link" in words(visitor().get(page))
    assert "on its way" in words(visitor().post(page))
    assert mails.one()[0] == ada.seed.email
    visitor().post(confirm)
    assert agent.status(found["request_id"]).json()["status"] == "in_progress"
    assert "settled" in words(visitor().get(page))


Change = dict[str, Any]


def test_by_a_telephone_number_alone_the_staff_shows_whose_request_it_is(
    company: Company, agent: Asking, ada: Customer, owner: Client
) -> None:
    """She gave her number with her profile; the agent knows nothing else of her."""
    ada.browser.post("/account/profile/", {"name": ada.seed.name, "phone": ada.seed.phone})
    phone = {"phone_number": ada.seed.phone, "phone_number_verified": True}
    found = agent.exercise(email=None, email_verified=None, **phone).json()
    assert found["reason"] == "need_user_verification", "a number is not one person's"
    made = company.newest
    owner.post(f"/console/requests/{made.ref}/do", {"do": "prove", "reason": "call"})
    person = company.newest.person
    assert person is not None
    assert person.root_id == ada.person.root_id
    assert agent.status(found["request_id"]).json().get("reason") is None
    assert_nowhere([ada.seed.phone], company.folder)


def test_a_number_beside_an_address_names_nobody(
    company: Company, agent: Asking, ada: Customer, owner: Client
) -> None:
    """Else an address of one's own, with another's number, would bring what is held of them."""
    ada.browser.post("/account/profile/", {"name": ada.seed.name, "phone": ada.seed.phone})
    claims = {"email": "stranger@seeded.example", "email_verified": None}
    agent.exercise(**claims, phone_number=ada.seed.phone)
    owner.post(f"/console/requests/{company.newest.ref}/do", {"do": "prove", "reason": "call"})
    assert company.newest.person is None
    assert company.newest.state != Request.State.UNPROVEN


@pytest.mark.parametrize(
    "claims",
    [
        {"phone_number": "+15550001111"},
        {"address": {"street_address": "12 Harbour Lane", "locality": "Port Quill"}},
        {"address": {"formatted": "12 Harbour Lane, Port Quill"}, "address_verified": True},
    ],
    ids=["number", "address", "verified-address"],
)
def test_what_cannot_be_looked_up_waits_for_the_staff(
    company: Company, agent: Asking, owner: Client, mails: Mails, claims: Change
) -> None:
    found = agent.exercise(email=None, email_verified=None, **claims).json()
    assert (found["status"], found["reason"]) == ("in_progress", "need_user_verification")
    page = "/rights/" + found["user_verification_url"].partition("/rights/")[2]
    for shown in (visitor().get(page), visitor().post(page)):
        assert "no e-mail address of yours" in words(shown)
    path = f"/console/requests/{company.newest.ref}"
    shown = words(owner.get(path))
    assert "+15550001111" in shown or "12 Harbour Lane, Port Quill" in shown
    owner.post(f"{path}/do", {"do": "prove", "reason": "call"})
    assert agent.status(found["request_id"]).json().get("reason") is None


LATER = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
EARLIER = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
STEPS: list[tuple[str, Change, int]] = [
    ("agent", {"agent-id": "AGENT_TWO"}, 403),
    ("agent", {"agent-id": None}, 403),
    ("business", {"business-id": "SOMEBODY_ELSE"}, 403),
    ("business", {"business-id": None}, 403),
    ("issued", {"issued-at": LATER}, 403),
    ("issued", {"issued-at": "yesterday"}, 403),
    ("issued", {"issued-at": None}, 403),
    ("expired", {"expires-at": EARLIER}, 403),
    ("expired", {"expires-at": None}, 403),
]


@pytest.mark.parametrize(("step", "change", "code"), STEPS)
def test_claims_that_do_not_fit_are_refused(
    company: Company, agent: Asking, step: str, change: Change, code: int
) -> None:
    answer = agent.exercise(email="somebody@seeded.example", **change)
    assert answer.status_code == code
    assert answer.json()["code"] == str(code)
    assert answer.json().get("fatal", False) is (step == "expired")
    assert agent.set_up(**change).status_code == 403
    assert not Request.objects.exists()


def test_what_is_no_base64_or_not_signed_by_the_agent_is_refused(
    company: Company, agent: Asking
) -> None:
    claims = agent.claims(exercise="access", email="somebody@seeded.example")
    good = agent.signed(claims)
    others = agent.signed(claims, Ed25519PrivateKey.generate())
    changed = b64encode(b"\0" * 64 + json.dumps(claims).encode()).decode()
    for body, code in (
        ("", 403), ("not base64!", 400), (good[:-8] + "????????", 400), (json.dumps(claims), 400),
        (others, 403), (changed, 403), (good[:20], 403), (agent.signed([]), 400),
        (b64encode(agent.private.sign(b"{") + b"{").decode(), 400), ("A" * 300_000, 400),
    ):  # fmt: skip
        answer = agent.call("POST", "/v1/data-rights-request", body)
        assert answer.status_code in (code, 413), body[:30]
        setting = agent.call("POST", "/v1/agent/AGENT_ONE", body, token="")
        assert (setting.status_code, setting.content) == (403, b"")
    assert not Request.objects.exists()
    assert agent.call("POST", "/v1/data-rights-request", good).status_code == 200


def test_a_token_is_needed_and_is_for_its_own_agent(
    company: Company, enter: Callable[..., Asking], agent: Asking, ada: Customer
) -> None:
    two = enter("AGENT_TWO")
    two.set_up()
    number = agent.exercise(email=ada.seed.email, exercise="deletion").json()["request_id"]
    assert two.status(number).status_code == 403
    assert (
        two.call("DELETE", f"/v1/data-rights-request/{number}", two.signed({})).status_code == 403
    )
    assert agent.call("GET", f"/v1/data-rights-request/{number}", token="").status_code == 403
    assert agent.status(str(uuid4())).status_code == 404
    # What one agent signed another cannot bring.
    borrowed = agent.signed(agent.claims(exercise="access", email=ada.seed.email))
    stolen = two.call("POST", "/v1/data-rights-request", borrowed)
    assert stolen.status_code == 403


def test_a_message_is_taken_once(company: Company, agent: Asking, ada: Customer) -> None:
    sent = agent.signed(agent.claims(exercise="deletion", email=ada.seed.email))
    codes = [agent.call("POST", "/v1/data-rights-request", sent).status_code for _ in range(2)]
    assert codes == [200, 409]
    setting = agent.signed(agent.claims())
    again = [agent.call("POST", "/v1/agent/AGENT_ONE", setting).status_code for _ in range(2)]
    assert again == [200, 403], "a message somebody overheard gets no token"
    with clock.at(clock.now() + timedelta(hours=1)):
        forget_past()
    assert not Seen.objects.exists()


def test_an_id_of_the_agents_own_is_used_once(
    company: Company, agent: Asking, ada: Customer
) -> None:
    codes = [
        agent.exercise(email=ada.seed.email, **{"agent-request-id": "one"}).status_code
        for _ in range(2)
    ]
    assert codes == [200, 409]
    assert Exercise.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"exercise": "sale:opt_in"}, {"exercise": "telepathy"}, {"regime": "gdpr"},
        {"drp.version": "0.5"}, {"email": ""}, {"email": "nobody"}, {"email": 5},
        {"phone_number": "604 555"}, {"email": "", "address": {"locality": 5}},
        {"address": "x" * 501},
        {"status_callback": "http://agent.example/"}, {"exercise": None},
    ],
)  # fmt: skip
def test_what_is_not_offered_is_refused(company: Company, agent: Asking, change: Change) -> None:
    answer = agent.exercise(**{"email": "somebody@seeded.example", **change})
    assert answer.status_code == 400
    assert answer.json().keys() == {"code", "message"}
    assert not Request.objects.exists()


def test_an_opt_out_of_sale_is_an_objection_in_either_spelling(
    company: Company, agent: Asking, ada: Customer
) -> None:
    for spelling in ("sale:opt_out", "sale:opt-out"):
        assert agent.exercise(email=ada.seed.email, exercise=spelling).status_code == 200
        assert company.newest.kind == "objection"


def test_a_request_can_be_revoked(
    company: Company, agent: Asking, ada: Customer, mails: Mails
) -> None:
    number = agent.exercise(email=ada.seed.email, exercise="deletion").json()["request_id"]
    path = f"/v1/data-rights-request/{number}"
    assert agent.call("DELETE", path, "not signed!").status_code == 400
    answer = agent.call("DELETE", path, agent.signed({"reason": "They changed their mind."}))
    assert answer.json()["status"] == "revoked"
    assert agent.status(number).json()["status"] == "revoked"
    assert agent.call("DELETE", path, agent.signed({"reason": ""})).status_code == 400
    assert company.newest.state == Request.State.WITHDRAWN


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("no-match", "no_match"), ("identity", "insuf_verification"), ("fraud", "suspected_fraud"),
        ("not-covered", "claim_not_covered"), ("jurisdiction", "outside_jurisdiction"),
        ("excessive", "too_many_requests"), ("law", "other"),
    ],
)  # fmt: skip
def test_a_refusal_is_told_with_its_reason(
    company: Company, agent: Asking, ada: Customer, owner: Client, reason: str, said: str
) -> None:
    number = agent.exercise(email=ada.seed.email, exercise="deletion").json()["request_id"]
    page = f"/console/requests/{company.newest.ref}/do"
    assert owner.post(page, {"do": "refuse", "reason": reason}).status_code == 302
    found = agent.status(number).json()
    assert (found["status"], found["reason"]) == ("denied", said)
    assert found["processing_details"]


def test_waiting_and_extension_are_explained(
    company: Company, agent: Asking, ada: Customer, owner: Client
) -> None:
    number = agent.exercise(email=ada.seed.email, exercise="deletion").json()["request_id"]
    before = agent.status(number).json()["expected_by"]
    page = f"/console/requests/{company.newest.ref}/do"
    owner.post(page, {"do": "extend", "reason": "complex"})
    found = agent.status(number).json()
    assert found["expected_by"] > before
    assert "involved" in found["processing_details"]
    owner.post(page, {"do": "wait", "reason": "detail"})
    assert "more exactly" in agent.status(number).json()["processing_details"]
    Request.objects.update(state="open", due_at=None, extended=False)
    assert agent.status(number).json()["status"] == "open"


def test_owners_change_agents_and_shut_them_out(
    company: Company, agent: Asking, owner: Client
) -> None:
    page = f"/console/agents/{Agent.objects.get().ref}"
    assert "Shut this agent out" in words(owner.get(page))
    form = {"name": "Agent", "verify_key": "AAAA", "web_url": ""}
    assert owner.post(page, form).status_code == 422
    new = Asking().verify_key
    assert owner.post(page, form | {"verify_key": new}).status_code == 302
    assert agent.call("GET", "/v1/agent/AGENT_ONE").status_code == 403, "its token went"
    assert owner.post(page, {"do": "end"}).status_code == 302
    assert agent.set_up().status_code == 403
    assert owner.get(page).status_code == 404
    assert company.staff["auditor"].get("/console/agents/").status_code == 403
    assert owner.post("/console/agents/", {"key": "no spaces"}).status_code == 422
    assert owner.post("/console/agents/", {"key": "COMM_ONE"}).status_code == 302
    assert '"id": "COMM_ONE"' in words(owner.get("/console/agents/"))


@pytest.mark.usefixtures("one_window")
def test_floods_are_slowed_down(company: Company, agent: Asking) -> None:
    codes = {agent.status(str(uuid4())).status_code for _ in range(62)}
    assert codes == {404, 429}
