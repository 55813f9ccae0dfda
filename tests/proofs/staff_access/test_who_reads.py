"""Who on the staff reads what people wrote, for what, and what that leaves behind."""

from __future__ import annotations

import re
import time
from email.message import EmailMessage
from smtplib import SMTP

import pytest

from proofs.company import Company, submit
from proofs.customers import Customer, look_up, pick, ref_of
from support.reader import Reader
from support.seeded import Seed

LISTS = (
    *("/console/", "/console/conversations/", "/console/conversations/?view=all"),
    *("/console/inbox/", "/console/inbox/?state=all", "/console/people", "/console/ledger"),
)
HOURS = 1 / 24
PATIENCE = 30


def talk(company: Company, seed: Seed) -> str:
    """Somebody's mail to the desk, as a conversation in the console: its address."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Zebedee <{seed.email}>", f"support@{company.site.company}.example"
    mail["Subject"] = f"A question about {seed.company}"
    mail.set_content(seed.message)
    before = {ref for (ref,) in company.rows("SELECT ref FROM conversations_conversation")}
    with SMTP("127.0.0.1", company.inbound_port) as server:
        server.send_message(mail, seed.email, [str(mail["To"])])
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        now = company.rows("SELECT ref FROM conversations_conversation WHERE last_seq > 0")
        if new := {ref for (ref,) in now} - before:
            return f"/console/conversations/{new.pop()}"
        time.sleep(0.05)
    raise AssertionError("the mail became no conversation")


def marks(company: Company, act: str) -> list[str]:
    """The entries of this kind on the ledger, as they are written there."""
    rows = company.rows(
        "SELECT CAST(body AS TEXT) FROM ledger_entry UNION"
        " SELECT CAST(body AS TEXT) FROM ledger_pending"
    )
    return [body for (body,) in rows if f'"act":"{act}"' in body]


def take(reader: Reader, path: str) -> int:
    """Press “Take”, also where the page has no such button."""
    token = next(one.value for one in reader.cookies if one.name == "troth_csrf")
    sent = [("do", "take"), ("csrfmiddlewaretoken", str(token))]
    return reader.post(f"{path}/change", sent).status


def secret_of(seed: Seed) -> str:
    """The part of what somebody wrote that no other text has."""
    return seed.message.partition("Mx ")[2].partition(",")[0]


@pytest.mark.clause("com1-30")
def test_nobody_browses_what_people_say(company: Company) -> None:
    mine, seed = company.new_staff("Agent"), Seed.new()
    browsing, owner = company.new_staff("Agent"), company.staff()
    path, secret = talk(company, seed), secret_of(seed)
    person = look_up(owner, seed.email, purpose="support").url.removeprefix(owner.base)
    for reader in (mine, browsing, owner):
        for page in (*LISTS, person, f"{person}/history", path):
            assert secret not in reader.get(page).text, page
        page = reader.get("/console/people/find")
        assert secret not in submit(reader, page, "q", q=secret, purpose="support").text.replace(
            f'value="{secret}"', ""
        )
    form = owner.get("/console/people/export")
    token = ("csrfmiddlewaretoken", form.inputs("csrfmiddlewaretoken")[0])
    file = owner.post("/console/people/export", [token])
    assert seed.email in file.text, file.words
    assert secret not in file.text
    assert take(mine, path) == 200
    assert secret in mine.get(path).text, "whoever has it reads it"
    before = set(marks(company, "gate.denied"))
    for reader in (browsing, owner):
        pick(reader, reader.get("/console/people"), "support")
        for _ in range(3):
            assert secret not in reader.get(path).text
    looked = set(marks(company, "gate.denied")) - before
    assert len(looked) == 1 + 1, "each who looked, once in an hour"
    for reader in (browsing, owner):
        assert take(reader, path) == 403
        assert secret not in reader.get(path).text
    assert secret in mine.get(path).text
    denied = set(marks(company, "gate.denied")) - before
    assert len(denied) == len(looked) + 1 + 1, "each who tried"
    assert all(f'"subject":"{ref_of_path(person)}"' in one for one in denied)
    told = owner.get(f"{person}/history").words
    assert "was refused" in told


def ref_of_path(path: str) -> str:
    return path.rpartition("/")[2].partition("?")[0]


@pytest.mark.clause("comm100-55")
def test_a_grant_with_a_ground_opens_one_record_for_a_while(company: Company) -> None:
    mine, owner, agent = company.new_staff("Agent"), company.staff(), Seed.new()
    helper = company.new_staff("Agent", seed=agent)
    wanted, other = Seed.new(), Seed.new()
    paths = [talk(company, seed) for seed in (wanted, other)]
    for path in paths:
        assert take(mine, path) == 200
    path, secret = paths[0], secret_of(wanted)
    assert secret not in helper.get(path).text
    ask = helper.get(f"{path}/grant")
    submit(helper, ask, to="/grant", ground="problem")
    form = owner.get(f"{path}/grant")
    filled = re.search(r'href="\?(member=[^"]+)"', form.text)
    assert filled
    form = owner.get(f"{path}/grant?{filled[1].replace('&amp;', '&')}")
    grounds = set(re.findall(r'name="ground" value="([^"]+)"', form.text))
    assert grounds == {"abuse-complaint", "problem", "support", "agreement-violation", "law"}
    refused = submit(owner, form, "hours", ground="curiosity", hours="2")
    assert refused.status == 422
    assert secret not in helper.get(path).text
    submit(owner, form, "hours", ground="problem", hours="2")
    assert secret in helper.get(path).text
    assert secret_of(other) not in helper.get(paths[1]).text, "it opens one record"
    assert take(helper, paths[1]) == 403
    # Whoever owns the data sees it, and so does the one it is about.
    assert "Problem" in owner.get("/console/conversations/grants").words
    person = look_up(owner, wanted.email, purpose="support").url.removeprefix(owner.base)
    [given] = [one for one in marks(company, "staff.grant_given") if ref_of_path(person) in one]
    assert '"ground":"problem"' in given
    assert "problem" in owner.get(f"{person}/history").words.lower()
    # It ends by itself.
    with company.later(2.2 * HOURS) as later:
        again = later.reader()
        later.log_in(again, agent.email)
        shown = again.get(path)
        assert shown.status == 200
        assert secret not in shown.text
    assert secret in helper.get(path).text


@pytest.mark.clause("comantra-25")
def test_only_staff_whose_work_it_is_sees_a_person_and_each_look_is_recorded(
    company: Company,
) -> None:
    seed = Seed.new()
    company.send(
        company.reader(), "contact", name=seed.name, email=seed.email, message=seed.message
    )
    agent = company.new_staff("Agent")
    page = look_up(agent, seed.email, purpose="support")
    path, ref = page.url.removeprefix(agent.base), ref_of(page)
    assert seed.name in page.words

    def looks() -> int:
        return len([one for one in marks(company, "gate.used") if f'"subject":"{ref}"' in one])

    seen = looks()
    assert seen
    for extra in (1, 2):
        assert seed.email in agent.get(path).words
        assert looks() == seen + extra
    for unauthorised in (company.staff("Marketing"), company.staff("Auditor"),
                         Customer.with_account(company).reader):  # fmt: skip
        for closed in (path, f"{path}/history", "/console/people", "/console/people/export"):
            answer = unauthorised.get(closed)
            assert answer.status == 403
            assert seed.name not in answer.text
    assert company.reader().get(path).url.partition("?")[0].endswith("/account/login/")
    assert looks() == seen + 2
    told = company.staff().get(f"{path}/history").words
    assert "read the" in told or "read their" in told or "read " in told


@pytest.mark.clause("comintech-33")
def test_nothing_opens_without_a_role_and_a_purpose(company: Company) -> None:
    seed = Seed.new()
    company.send(
        company.reader(), "contact", name=seed.name, email=seed.email, message=seed.message
    )
    owner, agent = company.new_staff("Owner"), company.new_staff("Agent")
    path = look_up(company.staff(), seed.email, purpose="support").url.removeprefix(owner.base)
    for reader in (owner, agent):
        # Without a purpose there is nothing to look at, and asking past the pages is refused.
        page = reader.get(path)
        assert "Pick a purpose" in page.words
        for value in (seed.name, seed.email, seed.message):
            assert value not in page.words
        asked = submit(reader, reader.get("/console/people/find"), "q", q=seed.email, purpose="")
        assert asked.status == 400
        assert "/console/people/find" in asked.url
    form = owner.get("/console/people/export")
    token = ("csrfmiddlewaretoken", form.inputs("csrfmiddlewaretoken")[0])
    file = owner.post("/console/people/export", [token])
    assert "text/csv" not in file.headers["Content-Type"]
    assert seed.email not in file.text
    # A purpose the role does not have is not to be had; nor one the policy does not know.
    token = ("csrfmiddlewaretoken", agent.get("/console/people/find").inputs(token[0])[0])
    for foreign in ("newsletter", "partner-mail"):
        answer = agent.post("/console/purpose", [token, ("purpose", foreign)])
        assert answer.status == 403, foreign
        assert seed.name not in agent.get(path).words
    # With both it opens.
    assert seed.name in pick(agent, agent.get(path), "support").words
    assert company.staff("Auditor").get(path).status == 403
