"""Telling people that their data was given, once no order forbids it any more."""

from __future__ import annotations

from django.db import transaction

from troth.core import clock
from troth.core.actors import Actor
from troth.core.cases import acts
from troth.core.cases.entering import enter, enter_ledger
from troth.core.cases.models import Case, Concern
from troth.core.cases.veiling import silent

SYSTEM = Actor.system("cases")


def tell_due() -> int:
    """Tell the people of cases whose order to keep silent has ended. Returns how many cases.

    Their own record shows it from now on, with the disclosure itself.
    """
    due = Case.objects.filter(telling=Case.Telling.LATER, told_at=None, given_at__isnull=False)
    count = 0
    for case in list(due.exclude(silent())[:50]):
        with transaction.atomic():
            now = clock.now()
            if not Case.objects.filter(pk=case.pk, told_at=None).update(told_at=now):
                continue
            given = case.concerns.filter(state=Concern.State.GIVEN).select_related("person__root")
            for concern in given:
                ref = concern.person.root.ref
                enter_ledger(case, acts.TOLD, actor=SYSTEM, subject=ref, detail={"way": "record"})
            given.update(told_at=now)
            enter(case, acts.PEOPLE_TOLD, actor=SYSTEM)
        count += 1
    return count
