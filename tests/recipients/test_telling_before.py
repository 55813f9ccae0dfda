"""Who is told that their data is to go somewhere, and when."""

from __future__ import annotations

import pytest
from django_tasks_db.models import DBTaskResult

from core.conftest import WORKER, Company
from troth.channels.recipients import announcing
from troth.core.choices.deciding import choose
from troth.core.errors import Invalid, Missing
from troth.kit.outbox.models import Message

WINDOW = (
    'for = ["repair"]\ntext',
    'for = ["repair"]\nchoice = "opt-out"\nwindow = "14 days"\ntext',
)
BEGIN = {"actor": WORKER, "to": "yard", "purpose": "repair"}


def told() -> set[object]:
    found = Message.objects.filter(kind=announcing.KIND)
    return set(found.values_list("person_id", flat=True))


def test_everybody_it_concerns_is_told_once_and_who_refused_is_not(company: Company) -> None:
    ada, bea, cia = (company.visitor_writes(f"{name}@marsh.example") for name in ("a", "b", "c"))
    company.publish("2", WINDOW)
    choose(bea, actor=WORKER, purpose="repair", manner="to.yard", yes=False, way="link")
    found = announcing.begin(**BEGIN)
    assert announcing.begin(**BEGIN).pk == found.pk
    assert announcing.tell_batch(found)
    assert not announcing.tell_batch(found), "nobody is left"
    assert told() == {ada.pk, cia.pk}
    late = company.visitor_writes("d@marsh.example")
    queued = DBTaskResult.objects.filter(task_path__endswith="tell_more")
    assert str(found.pk) in [one.args_kwargs["args"][1] for one in queued]
    announcing.tell_batch(found)
    assert told() == {ada.pk, cia.pk, late.pk}
    assert announcing.untold("yard", "repair") == 3, "until their servers took the mail"


def test_nobody_is_told_of_what_needs_no_telling(company: Company) -> None:
    assert company.organisation
    with pytest.raises(Invalid):
        announcing.begin(**BEGIN)
    with pytest.raises(Missing):
        announcing.begin(actor=WORKER, to="nobody", purpose="repair")
