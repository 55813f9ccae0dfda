"""What is said to a recipient's service, and what is held back, dropped, or given up."""

from __future__ import annotations

import pytest

from core.conftest import WORKER, Company
from proofs.recipients.stand_ins import Service, service
from troth.channels.recipients import connecting, delivering, erasing, handing, sending_lists
from troth.channels.recipients.describing import DescriptionInvalid, read
from troth.channels.recipients.models import Connector, Delivery
from troth.core import clock
from troth.core.choices.deciding import choose
from troth.core.people.models import Person
from troth.core.recipients import binding
from troth.core.recipients.models import Suspension

YARD = """
recipient = "yard"
purpose = "repair"
address = "{url}"
timeout = 2
tries = 1

[put]
method = "PUT"
path = "/jobs/{{ref}}"
fields = {{ "user.name" = "name" }}

[remove]
method = "DELETE"
path = "/jobs/{{ref}}"
"""
ERASES = """
[erase]
path = "/forget"
fields = { "user.name" = "name" }
"""
TWO = (
    "[[share]]",
    (
        '[recipients.dock]\nname = "The Dock"\nkind = "processor"\ncountry = "GB"\n'
        'safeguards = ["dpa"]\n\n[[share]]\nclause = "3.2"\nwith = ["dock"]\n'
        'data = ["user.name"]\nfor = ["repair"]\ntext = "The dock gets your name."\n\n[[share]]'
    ),
)
REFUSABLE = ('for = ["repair"]\ntext', 'for = ["repair"]\nchoice = "opt-out"\ntext')


def connect(there: Service) -> Connector:
    return connecting.add("yard", YARD.format(url=there.url), actor=WORKER)


def say(person: Person) -> Delivery:
    """Say what is queued about somebody; what became of it."""
    found = Delivery.objects.filter(person=person).order_by("-queued_at", "-id").first()
    assert found is not None
    delivering.deliver(found.pk)
    found.refresh_from_db()
    return found


def test_while_suspended_what_is_queued_is_held_and_goes_on_afterwards(company: Company) -> None:
    with service() as there:
        connect(there)
        person = company.visitor_writes("ada@marsh.example")
        binding.suspend(actor=WORKER, to="yard", ground="inability", source="recipient")
        held = say(person)
        assert (held.state, held.answer) == ("held", "suspended")
        assert not there.told
        assert connecting.go_on() == 0, "as long as it is suspended"
        Suspension.objects.update(lifted_at=held.queued_at)
        assert connecting.go_on() == 1
        done = say(person)
        assert done.state == "done"
        assert [(one.method, one.body) for one in there.told] == [("PUT", {"name": "Ada Marsh"})]


def test_a_list_that_was_stopped_goes_once_it_may(company: Company) -> None:
    with service() as there:
        lists = YARD + '[list]\npath = "/import"\n'
        connecting.add("yard", lists.format(url=there.url), actor=WORKER)
        company.visitor_writes("ada@marsh.example")
        found = handing.prepare(actor=WORKER, to="yard", purpose="repair", asked=["user.name"])
        sending_lists.begin(found, actor=WORKER)
        binding.suspend(actor=WORKER, to="yard", ground="inability", source="recipient")
        sending_lists.send(found.pk)
        found.refresh_from_db()
        assert (found.state, found.fault) == ("sending", "suspended")
        connecting.go_on()
        assert not there.told
        Suspension.objects.update(lifted_at=clock.now())
        connecting.go_on()
        sending_lists.send(found.pk)
        assert [one.path for one in there.told] == ["/import"]


def test_a_no_takes_somebody_off_and_a_no_before_never_puts_them_there(company: Company) -> None:
    company.publish("2", REFUSABLE)
    with service() as there:
        connect(there)
        one, other = (company.visitor_writes(f"{name}@marsh.example") for name in ("ada", "bea"))
        assert say(one).state == "done"
        for person in (one, other):
            choose(person, actor=WORKER, purpose="repair", manner="to.yard", yes=False, way="link")
        off, never = say(one), say(other)
        assert (off.kind, off.state) == ("remove", "done")
        assert (never.state, never.answer) == ("dropped", "refused")
        assert [told.method for told in there.told] == ["PUT", "DELETE"]
        assert there.told[0].path == there.told[1].path, "by the same reference"
        choose(one, actor=WORKER, purpose="repair", manner="to.yard", yes=True, way="link")
        assert say(one).state == "done"
        assert there.told[2].path == there.told[0].path


def test_a_service_that_is_away_is_asked_again_and_what_it_refuses_is_told(
    company: Company,
) -> None:
    with service() as there:
        made = connect(there)
        person = company.visitor_writes("ada@marsh.example")
        there.faults[:] = [503]
        waiting = Delivery.objects.get(person=person)
        assert delivering.deliver(waiting.pk) is not None, "later"
        made.refresh_from_db()
        assert made.fault == "unreachable"
        there.faults[:] = [400]
        assert say(person).answer == "status-400"
        made.refresh_from_db()
        assert made.fault == "status-400"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"yard"', '"nobody"'),
        ('"repair"', '"sailing"'),
        ("{url}", "http://elsewhere.example"),
        ("{url}", "https://user:secret@elsewhere.example"),
        ('"user.name"', '"user.contact.email"'),
        ('"user.name"', '"user.shoe"'),
        ("/jobs/{{ref}}", "//elsewhere.example/{{ref}}"),
        ("/jobs/{{ref}}", "/jobs/{{email}}"),
        ("timeout = 2", "timeout = 900"),
        ("timeout = 2", "retries = 900"),
        ("[put]", "[put"),
        ('"PUT"', '"TRACE"'),
    ],
)
def test_a_description_that_does_not_hold_says_where(
    company: Company, before: str, after: str
) -> None:
    assert company.organisation
    with pytest.raises(DescriptionInvalid):
        read(YARD.replace(before, after).format(url="http://127.0.0.1:1"))


def test_a_description_that_a_new_policy_overtakes_is_in_nobodys_way(company: Company) -> None:
    with service() as there:
        connecting.add("yard", YARD.format(url=there.url) + ERASES, actor=WORKER)
        ada = company.visitor_writes("ada@marsh.example")
        assert erasing.knows("yard")
        company.publish("2", ("[recipients.yard]", "[recipients.dock]"), ('["yard"]', '["dock"]'))
        bea = company.visitor_writes("bea@marsh.example")
        choose(ada, actor=WORKER, purpose="repair", manner="to.yard", yes=False, way="link")
        assert not erasing.knows("yard")
        assert say(ada).answer == "description"
        assert not Delivery.objects.filter(person=bea).exists()
        assert Connector.objects.get().fault == "description"
        assert not there.told


def test_what_is_held_for_one_recipient_does_not_hold_up_another(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.publish("2", TWO)
    monkeypatch.setattr(connecting, "MOST", 1)
    with service() as there:
        connect(there)
        text = YARD.format(url=there.url).replace('"yard"', '"dock"')
        connecting.add("dock", text, actor=WORKER)
        person = company.visitor_writes("ada@marsh.example")
        for to in ("yard", "dock"):
            binding.suspend(actor=WORKER, to=to, ground="other", source="recipient")
            delivering.deliver(Delivery.objects.get(person=person, connector__key=to).pk)
        Suspension.objects.filter(recipient="yard").update(lifted_at=clock.now())
        assert connecting.go_on() == 1
        assert connecting.go_on() == 0


def test_who_suspends_at_the_same_moment_as_somebody_else_finds_it_done(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert company.organisation
    first = binding.suspend(actor=WORKER, to="yard", ground="other", source="recipient")
    monkeypatch.setattr(binding, "suspension", lambda _to: None)  # as it was looked up before
    again = binding.suspend(actor=WORKER, to="yard", ground="breach", source="recipient")
    assert (again.pk, again.ground) == (first.pk, "other")


def test_what_waits_for_new_safeguards_is_not_asked_for_over_and_over(company: Company) -> None:
    with service() as there:
        connect(there)
        person = company.visitor_writes("ada@marsh.example")
        company.publish("2", ("expires = 2099-01-01", f"expires = {clock.now():%Y-%m-%d}"))
        assert say(person).answer == "safeguard-expired"
        assert connecting.go_on() == 0
        company.publish("3", ("expires = 2099-01-01", "expires = 2098-01-01"))
        assert connecting.go_on() == 1
        assert say(person).state == "done"
