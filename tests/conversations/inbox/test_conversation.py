"""One conversation: sealed, taken, answered, handed on; two at it never overwrite each other."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from console.cast import words
from conversations.company import BOTH, Company
from conversations.inbox.operators import HERE, Operator, fresh
from troth.channels.conversations import actions
from troth.channels.conversations.mailing import raw
from troth.channels.conversations.models import (
    Attachment,
    Conversation,
    FollowUp,
    RawMail,
    SecureForm,
)
from troth.core.actors import Actor
from troth.core.ledger.api import sequence
from troth.core.ledger.models import Entry
from troth.core.notices.versions import current
from troth.core.people.records import Given

MAIL = """Hello,

it prints nothing. My card is 4111 1111 1111 1111.

-- \nMary Miller

On 3 May Support wrote:
> Thank you for your order.
"""
MARY = [
    Given("name", "user.name", "Mary"),
    Given("email", "user.contact.email", "mary@example.com"),
]


@BOTH
def test_sealed_until_it_is_taken(company: Company, ann: Operator, ben: Operator) -> None:
    found, _ = company.mail(subject="Toner", text="It leaks everywhere.")
    sealed = ann.get(found.ref).content.decode()
    assert "What was said is sealed" in sealed
    assert "leaks" not in sealed
    assert "Toner" not in sealed
    assert "mary@example.com" not in sealed
    assert ann.change(found, "take").status_code == 302
    text = ann.reads(found.ref)
    assert "It leaks everywhere." in text
    assert "mary@example.com" in text
    assert "Read for “Helping you”" in text
    assert "leaks" not in ben.get(found.ref).content.decode()
    refused = ben.says(found, "I was faster")
    assert refused.status_code == 403
    assert "leaks" not in refused.content.decode()


def test_folded_masked_and_checked(company: Company, ann: Operator) -> None:
    found, _ = actions.open_ticket(
        actor=Actor.visitor(), way="mail", touchpoint="tickets.mail", given=MARY, text=MAIL,
        client_id=uuid4(), automatic=True,
        checked={"spf": "pass", "dkim": "fail", "dmarc": "fail"},
    )  # fmt: skip
    actions.take(found, actor=company.actor("ann"))
    page = ann.get(found.ref).content.decode()
    assert "4111" not in page
    assert "a card number" in page
    assert "<summary>Quoted text</summary>" in page
    assert "<summary>Signature</summary>" in page
    text = ann.reads(found.ref)
    assert "SPF passed" in text
    assert "DKIM failed" in text
    assert "The sender may be forged" in text
    assert "sent by a machine" in text


def test_html_is_shown_cleaned(company: Company, ann: Operator) -> None:
    html = """<p>Hi <b>there</b></p><script>x()</script><img src="https://t.example/1.gif">
    <a href="javascript:x()">a</a><a href="/account/logout">b</a><a href="https://ok.example">c</a>
    <form action="https://f.example"><input></form><style>p{}</style><p style="color:red">d</p>"""
    given = [*MARY, Given("formatted", "user.content.private", html)]
    found, _ = actions.open_ticket(
        actor=Actor.visitor(), way="mail", touchpoint="tickets.mail", given=given, text="Hi there",
        client_id=uuid4(), formatted=True,
    )  # fmt: skip
    actions.take(found, actor=company.actor("ann"))
    page = ann.get(found.ref).content.decode()
    shown = page.partition('<div class="said-html"')[2].partition("</details>")[0]
    assert "<b>there</b>" in shown
    assert 'href="https://ok.example"' in shown
    for bad in ("x()", "<img", "f.example", "logout", "<form", "<input", "<style", "style="):
        assert bad not in shown, bad


@BOTH
def test_answers_and_notes(company: Company, ann: Operator, ben: Operator) -> None:
    found, _ = company.chat()
    actions.take(found, actor=company.actor("ann"))
    once = {"client_id": str(uuid4())}
    for _ in range(2):
        answer = ann.says(found, "See https://example.com/x <b>now</b>", **once)
        assert answer.status_code == 302
    ann.says(found, "Ben knows the model", kind="note", then="solved")
    page = ann.get(found.ref).content.decode()
    assert page.count("said said-staff") == 1, "sent twice with one id, written once"
    assert page.count("said said-note") == 1
    assert "only staff see it" in page
    assert 'href="https://example.com/x" target="_blank"' in page
    assert "<b>now</b>" not in page
    assert fresh(found).state == "waiting", "a note sets no state"
    ann.says(found, "All the best", then="solved")
    assert fresh(found).state == "solved"
    empty = ann.says(found, " ")
    assert empty.status_code == 422
    assert "There is nothing in it yet" in words(empty)


@BOTH
def test_somebody_else_was_faster(company: Company, ann: Operator, ben: Operator) -> None:
    found, _ = company.mail()
    actions.take(found, actor=company.actor("ann"))
    old = fresh(found).revision
    ben.change(found, "priority", priority="4")
    typed = {"do": "state:solved", "revision": old, "text": "half an answer"}
    stale = ann.post(f"{found.ref}/change", **typed)
    assert stale.status_code == 409
    text = words(stale)
    assert "Somebody else changed this conversation meanwhile" in text
    assert f"Agent {ben.ref[:6]} made its priority urgent" in text
    assert "half an answer" in text, "what was typed stays"
    assert fresh(found).state == "open"


def test_an_answer_after_an_unseen_one_is_shown_it_first(
    company: Company, ann: Operator, ben: Operator
) -> None:
    found, _ = company.mail()
    actions.take(found, actor=company.actor("ann"))
    ann.says(found, "First answer")
    ann.change(found, "assign", member=ben.ref)
    late = ben.says(found, "Second answer", seen="1")
    assert late.status_code == 409
    assert "First answer" in words(late)
    assert "Second answer" in late.content.decode()
    assert ben.says(found, "Second answer", seen=str(fresh(found).last_seq)).status_code == 302


def test_every_button_does_what_it_says(company: Company, ann: Operator, ben: Operator) -> None:
    found, _ = company.mail()
    other, _ = company.mail("jon@example.com")
    ann.change(found, "take")
    ann.change(found, "priority", priority="3")
    ann.change(found, "tag", tag="printer")
    ann.change(found, "tag", tag="paper")
    ann.change(found, "untag:paper")
    ann.change(found, "link", number=f"#{other.number}", kind="duplicate")
    ann.change(found, "state", state="hold")
    ann.change(found, "follow-up", due="2999-01-01")
    assert not FollowUp.objects.exists(), "a day that far away is a slip"
    ann.change(found, "follow-up", due=str(_tomorrow()), task="call")
    text = ann.reads(found.ref)
    for piece in ("high", "on hold", "printer", f"says the same as #{other.number}", "Call them"):
        assert piece in text, piece
    assert "Take the tag paper off" not in ann.get(found.ref).content.decode()
    for told in ("took it", "made its priority high", "tagged it printer", "set it to on hold"):
        assert f"Agent {ann.ref[:6]} (you) {told}" in text
    ann.post(f"tasks/{FollowUp.objects.get().pk}/done")
    assert FollowUp.objects.get().done_at is not None
    ann.change(found, f"unlink:{other.number}")
    assert f"says the same as #{other.number}" not in ann.reads(found.ref)
    ann.change(found, "transfer", to=f"member/{ben.ref}")
    assert fresh(found).assignee_id == company.member("ben").pk
    assert "sealed" in ann.reads(found.ref)
    ben.change(found, "transfer", to=f"queue/{company.queue.ref}")
    assert fresh(found).assignee_id is None
    ben.change(found, "take")
    ben.change(found, "release")
    assert fresh(found).assignee_id is None
    assert ben.change(found, "nonsense").status_code == 400
    wrong = ben.change(found, "state", state="gone")
    assert "There is no such state" in words(wrong)


def _tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def test_chat_to_ticket_and_back(company: Company, ann: Operator) -> None:
    found, _ = company.chat()
    ann.change(found, "take")
    unknown = ann.change(found, "to-ticket")
    assert unknown.status_code >= 400, "nobody knows where to write"
    actions.identify(fresh(found), actor=Actor.visitor(), given=MARY)
    ann.change(found, "to-ticket")
    assert fresh(found).way == "mail"
    ann.change(found, "to-chat")
    assert fresh(found).way == "chat"


def test_merged_and_taken_apart(company: Company, ann: Operator) -> None:
    first, _ = company.mail(text="The first matter")
    second, _ = company.mail(text="The same again")
    stranger, _ = company.mail("eve@example.com")
    for one in (first, second):
        ann.change(one, "take")
    assert f"#{first.number}" in ann.reads(f"{second.ref}/merge")
    assert "is closed, and its messages show" in ann.reads(
        f"{second.ref}/merge", number=str(first.number)
    )
    revision = fresh(second).revision
    refused = ann.post(f"{second.ref}/merge", number=str(stranger.number), revision=revision)
    assert refused.status_code >= 400
    ann.post(f"{second.ref}/merge", number=str(first.number), revision=revision)
    text = ann.reads(first.ref)
    assert "The same again" in text
    assert f"from #{second.number}" in text
    assert "This goes on elsewhere" in ann.reads(second.ref)
    ann.change(second, "unmerge")
    assert "The same again" not in ann.reads(first.ref)


def test_split_off(company: Company, ann: Operator) -> None:
    found, _ = company.mail(text="The first matter")
    ann.change(found, "take")
    more = actions.write(
        found, actor=Actor.visitor(), side="person", text="And something else", client_id=uuid4()
    )
    assert "1 message" in ann.reads(f"{found.ref}/split/{more.pk}")
    made = ann.post(f"{found.ref}/split/{more.pk}", revision=fresh(found).revision)
    assert made.status_code == 302
    new = Conversation.objects.get(split_from=found)
    assert "And something else" in ann.reads(new.ref)
    assert "And something else" not in ann.reads(found.ref)
    assert ann.get(f"{found.ref}/split/{uuid4()}").status_code == 404


def test_files_go_with_an_answer(company: Company, ann: Operator) -> None:
    found, _ = company.mail()
    ann.change(found, "take")
    page = b"a,b\n1,2\n"
    ann.says(found, "As asked", files=[SimpleUploadedFile("list.csv", page, "text/csv")])
    kept = Attachment.objects.get()
    text = ann.reads(found.ref)
    assert "list.csv" in text
    if kept.state == Attachment.State.CLEAN:
        assert ann.get(f"files/{kept.ref}").content == page
    large = SimpleUploadedFile("large.bin", b"x" * (10 * 1024 * 1024 + 1))
    refused = ann.says(found, "And this", files=[large])
    assert refused.status_code == 422
    assert "A file is larger than 10 MB" in words(refused)
    assert "And this" in refused.content.decode(), "the words stay"
    assert Attachment.objects.count() == 1


def test_a_secure_form_is_read_while_the_chat_lasts(company: Company, ann: Operator) -> None:
    found, _ = company.chat()
    ann.change(found, "take")
    assert "Ask by a secure form" in ann.reads(f"{found.ref}/secure")
    assert ann.post(f"{found.ref}/secure", ask=["", ""]).status_code == 422
    ann.post(f"{found.ref}/secure", ask=["Order number", ""])
    assert "Asked for: Order number" in ann.reads(found.ref)
    form = SecureForm.objects.get()
    actions.answer_securely(form, actor=Actor.visitor(), answers={"Order number": "ZX-81"})
    assert "ZX-81" in ann.reads(found.ref)
    actions.close(fresh(found), actor=Actor.visitor())
    text = ann.reads(found.ref)
    assert "ZX-81" not in text
    assert "Its answers were destroyed" in text


def test_a_ready_made_reply_without_javascript(company: Company, owner: Operator) -> None:
    owner.post("settings/canned/new", short="hello", text="Hello, how may I help?", do="save")
    found, _ = company.mail()
    owner.change(found, "take")
    page = owner.says(found, "Dear Mary", do="insert", canned="hello")
    assert "Dear Mary\nHello, how may I help?</textarea>" in page.content.decode()
    assert fresh(found).staff_last_at is None, "nothing was sent"


def test_the_rating_shows(company: Company, ann: Operator) -> None:
    found, _ = company.chat()
    ann.change(found, "take")
    ann.change(found, "state:solved")
    ann.change(found, "ask-rating")
    actions.rate(fresh(found), actor=Actor.visitor(), rating=4)
    assert "4 of 5" in ann.reads(found.ref)
    assert "rated 4 of 5" in ann.reads(view="ended")


def test_a_grant_opens_it_on_a_ground(company: Company, ben: Operator, owner: Operator) -> None:
    found, _ = company.mail(text="It leaks everywhere.")
    actions.take(found, actor=company.actor("ann"))
    asking = ben.reads(f"{found.ref}/grant")
    assert f"A grant is given by Owner {owner.ref[:6]}" in asking
    given = {"member": ben.ref, "ground": "problem", "hours": "8"}
    assert ben.post(f"{found.ref}/grant", ground="curiosity").status_code == 400
    ben.post(f"{found.ref}/grant", **given)
    assert "leaks" not in ben.reads(found.ref), "asking opens nothing"
    ask = f"A colleague asks to read #{found.number}"
    assert ask in words(owner.browser.get("/console/"))
    assert ask not in words(ben.browser.get("/console/"))
    assert f"Agent {ben.ref[:6]}: Problem" in owner.reads(f"{found.ref}/grant")
    assert owner.post(f"{found.ref}/grant", member=ben.ref).status_code == 422
    owner.post(f"{found.ref}/grant", **given)
    assert ask not in words(owner.browser.get("/console/"))
    assert f"given by Owner {owner.ref[:6]}" in ben.reads(f"{found.ref}/grant")
    text = ben.reads(found.ref)
    assert "It leaks everywhere." in text
    assert "You were let read this" in text
    everyone = owner.reads("grants")
    assert "Problem" in everyone
    assert f"#{found.number}" in everyone
    grant = company.member("ben").grants.get()
    owner.post("grants", grant=grant.ref)
    assert "leaks" not in ben.reads(found.ref)
    assert ben.get("grants").status_code == 403


def test_who_gets_copies_is_shown_to_whoever_reads_it(
    company: Company, ann: Operator, ben: Operator
) -> None:
    found, _ = company.mail()
    ann.change(found, "take")
    actions.add_participant(found, actor=company.actor("ann"), address="bob@example.net")
    sequence()
    before = Entry.objects.filter(act="gate.used").count()
    assert "Copies go to bob@example.net" in ann.reads(found.ref)
    assert "mary@example.com" in ann.reads(found.ref)
    sequence()
    assert Entry.objects.filter(act="gate.used").count() > before, "each address is a use"
    assert "bob@example.net" not in ben.get(found.ref).content.decode()


def test_the_card_opens_for_the_purpose_that_is_picked(company: Company, ann: Operator) -> None:
    found, _ = company.mail(text="It leaks everywhere.")
    ann.change(found, "take")
    page = ann.get(found.ref).content.decode()
    [other, *_] = re.findall(r'href="\?purpose=([a-z-]+)"', page)
    text = ann.reads(found.ref, purpose=other)
    label = current().rules.purposes[other].label
    assert f"Read for “{label}”" in text
    assert "It leaks everywhere." in text
    assert "Read for “Helping you”" in ann.reads(found.ref, purpose="nonsense")


def test_a_mail_that_could_not_be_read_is_kept(
    company: Company, ann: Operator, owner: Operator
) -> None:
    found, message = company.mail()
    raw.keep(
        b"\x00 not a mail", digest=b"y" * 32, state=RawMail.State.UNREADABLE, way="smtp",
        message=message,
    )  # fmt: skip
    ann.change(found, "take")
    path = f"quarantine/{RawMail.objects.get().ref}/mail.eml"
    assert f"{HERE}{path}" in ann.get(found.ref).content.decode()
    assert ann.get(path).content == b"\x00 not a mail"
    assert owner.get(path).status_code == 403, "it opens as the conversation does"
    assert owner.post(path.removesuffix("/mail.eml"), do="drop").status_code == 404
    RawMail.objects.update(state=RawMail.State.HELD)
    assert ann.get(path).status_code == 404, "what is held is decided about first"


def test_what_the_page_fetches_by_itself_opens_no_more(company: Company, ann: Operator) -> None:
    found, _ = company.mail(subject="Toner")
    ann.change(found, "take")
    ann.reads(found.ref)
    before = opened()
    by_itself = {"hx-request": "true", "hx-target": "inbox-list"}
    part = ann.browser.get(HERE, headers=by_itself)
    assert "Toner" not in part.content.decode()
    ann.browser.get(f"{HERE}?q=mary@example.com", headers=by_itself)
    assert opened() == before, "nobody is looked up by a timer, or by an address"
    thread = ann.browser.get(f"{HERE}{found.ref}", headers=by_itself | {"hx-target": "thread"})
    assert "It prints nothing." in thread.content.decode()
    assert "mary@example.com" not in thread.content.decode()
    assert opened() == before + 1


def opened() -> int:
    """How often the ledger says that something was opened."""
    sequence()
    return sum(b'"act":"gate.' in bytes(entry.body) for entry in Entry.objects.all())
