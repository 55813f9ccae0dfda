"""Double opt-in: a form that asks for nothing but a yes makes nobody known before the yes.

What was written waits under a key of its own. A mail asks; who confirms from the address becomes a
person with the choices they ticked. Who does not is forgotten, key and all, when the time is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from troth.channels.forms import acts, tasks
from troth.channels.forms.actions import EMAIL, submit
from troth.channels.forms.models import SignUp, Submission
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices import suppression
from troth.core.choices.deciding import choose
from troth.core.errors import Invalid
from troth.core.gate.collecting import collect
from troth.core.gate.deposits import deposit, discard
from troth.core.gate.purging import addresses
from troth.core.inserting import insert
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.core.sealing.blind import mark, normalise
from troth.kit.throttle.counting import throttle
from troth.policy import Rules, Touchpoint

LIFE: Final = timedelta(days=7)
MAILS_A_DAY: Final = 3  # to one address: a form must not be a way to flood somebody
_on_confirmed: Final[list[Callable[[Submission, UUID], None]]] = []


def on_confirmed(hear: Callable[[Submission, UUID], None]) -> None:
    """Have `hear` called when a sign-up that belongs to something of another part is confirmed, in
    its transaction: with the submission, and the id of what it belongs to.
    """
    if hear not in _on_confirmed:  # `ready()` may run again
        _on_confirmed.append(hear)


class YesMissing(Invalid):
    """The form was sent without a tick: nothing could be done with what was written."""


def asks_only(touchpoint: Touchpoint, rules: Rules) -> bool:
    """Whether all a form is for needs a yes, and there is an address to confirm it from."""
    bases = {rules.purposes[key].basis for key in touchpoint.purposes}
    addressed = any(field.category == EMAIL and field.required for field in touchpoint.fields)
    return addressed and bool(bases) and bases <= {"opt-in", "explicit-opt-in"}


def hold_back(
    *,
    actor: Actor,
    touchpoint: str,
    given: Sequence[Given],
    choices: Mapping[str, tuple[bool, str]],
    once: str,
    about: UUID | None = None,
) -> SignUp:
    """Keep what was written aside, and ask by mail. The same sending twice is one. `about` is what
    of another part it belongs to (`on_confirmed`).

    Raises `YesMissing`, and `UseDenied` for data outside the clause.
    """
    wishes = {purpose: wording for purpose, (yes, wording) in choices.items() if yes}
    if not wishes:
        raise YesMissing(
            "Tick what you would like to get.",
            why="Without your yes we may not keep your address.",
            do="Tick a box and send the form again.",
        )
    content = (once, [(g.name, g.text) for g in given], sorted(wishes.items()))
    digest = sha256(repr(content).encode()).digest()
    try:
        return _hold_back(actor, touchpoint, given, wishes, digest, about)
    except IntegrityError:
        return SignUp.objects.get(once=digest)


@action
def _hold_back(
    actor: Actor,
    touchpoint: str,
    given: Sequence[Given],
    wishes: dict[str, str],
    once: bytes,
    about: UUID | None,
) -> SignUp:
    if (found := SignUp.objects.filter(once=once).first()) is not None:
        return found
    published, now = current(), clock.now()
    with collect(actor=actor, touchpoint=touchpoint, data=[g.category for g in given]) as point:
        for item in given:
            if item.category == EMAIL:
                asked = mark(point.opening, EMAIL, item.text).hex()
                throttle("forms.sign-up", asked, limit=MAILS_A_DAY, seconds=86_400)
    made = SignUp(
        organisation_id=current_organisation_id(),
        touchpoint=touchpoint,
        version=published.version,
        content=[[g.name, g.category, g.text] for g in given],
        wishes=wishes,
        once=once,
        about=about,
        asked_at=now,
        expires_at=now + LIFE,
    )
    with deposit(row=made.pk, actor=actor, touchpoint=touchpoint), transaction.atomic():
        insert([made])
    record(
        act=acts.ASKED,
        organisation=made.organisation_id,
        actor=actor,
        clause=published.rules.touchpoints[touchpoint].clause,
        version=published.version,
        detail={"touchpoint": touchpoint},
    )
    tasks.ask.enqueue(str(made.organisation_id), str(made.pk))
    return made


@action
def confirm(sign_up: SignUp, *, objects: bool = False) -> Submission:
    """Make the person, with what they wrote and said yes to; from the link in the mail. `objects`
    as for `submit`: it leaves alone what they say yes to here.
    """
    actor = Actor.visitor()
    with deposit(row=sign_up.pk, actor=actor, touchpoint=sign_up.touchpoint):
        given = [Given(*item) for item in sign_up.content]
    submission = submit(
        actor=actor,
        touchpoint=sign_up.touchpoint,
        given=given,
        choices={},
        once=sign_up.ref,
        objects=objects,
    )
    person = submission.person.root
    Element.objects.filter(record=submission.pk, category=EMAIL).update(verified_at=clock.now())
    _say_yes(person, sign_up, given)
    if sign_up.about is not None:
        for hear in _on_confirmed:
            hear(submission, sign_up.about)
    forget(sign_up)
    return submission


def _say_yes(person: Person, sign_up: SignUp, given: Sequence[Given]) -> None:
    actor, rules = Actor("person", person.ref, person_id=person.pk), current().rules
    for purpose, wording in sign_up.wishes.items():
        if purpose in rules.purposes:
            choose(
                person,
                actor=actor,
                purpose=purpose,
                yes=True,
                way=sign_up.touchpoint,
                wording=wording,
            )
    # Whoever reads the address's mail has said so: what kept it out before is over.
    with collect(actor=actor, touchpoint=sign_up.touchpoint, data=[g.category for g in given]):
        for item in given:
            if item.category == EMAIL:
                for purpose in sign_up.wishes:
                    suppression.lift(EMAIL, item.text, purpose=purpose)


def forget(sign_up: SignUp) -> None:
    """The row and its key."""
    discard(sign_up.pk)
    SignUp.objects.filter(pk=sign_up.pk).delete()


@action
def forget_expired(*, limit: int = 200) -> int:
    """Forget whoever did not confirm in time. Returns how many, at most `limit`."""
    late = list(SignUp.objects.filter(expires_at__lte=clock.now())[:limit])
    for sign_up in late:
        forget(sign_up)
    if late:
        record(
            act=acts.LAPSED,
            organisation=current_organisation_id(),
            actor=Actor.system("worker"),
            version=current().version,
            count=len(late),
        )
    return len(late)


def forget_purged(person: Person) -> None:
    """Forget what still waits from an address of somebody who is purged.

    What the policy has no form for any more nobody can open; it lapses.
    """
    theirs = {normalise(category, text) for category, text in addresses(person)}
    rules, worker = current().rules, Actor.system("worker")
    for pk, touchpoint in list(SignUp.objects.values_list("pk", "touchpoint")):
        if touchpoint not in rules.touchpoints:
            continue
        with deposit(row=pk, actor=worker, touchpoint=touchpoint):
            sign_up = SignUp.objects.get(pk=pk)
            waits = normalise(EMAIL, address(sign_up)) in theirs
        if waits:
            forget(sign_up)


def address(sign_up: SignUp) -> str:
    """Where the mail goes; the row's deposit has to be open."""
    return next(str(text) for _, category, text in sign_up.content if category == EMAIL)
