"""`troth why`: which clause decides, in words."""

from __future__ import annotations

from dataclasses import dataclass

from troth.core import clock
from troth.core.gate.deciding import REASONS, related, undisclosed, unmet, why_not
from troth.core.gate.models import Permit
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.people.records import family
from troth.core.recipients.foretelling import has_window
from troth.core.recipients.standing import barred


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome for one question, with the clause that decides and the reason in words."""

    allowed: bool
    clause: str
    reason: str
    sentence: str


def why(*, purpose: str, category: str, to: str = "", person: Person | None = None) -> Answer:
    """What the gate would say, without opening or recording anything."""
    rules = current().rules
    act = "share" if to else "use"
    rule = rules.find(act, purpose, category, to)
    if to and rule.allowed:
        used = rules.find("use", purpose, category)
        rule = rule if used.allowed else used
    if to and rule.allowed and (bar := barred(to, rules)) is not None:
        return Answer(False, bar.clause, bar.reason, REASONS[bar.reason][0])
    lacking = unmet(rule, ()) if to and rule.allowed else ""
    if to and rule.allowed and person is None and has_window(rule):
        lacking = lacking or "not-told"
    if lacking:
        return Answer(False, rule.clause, lacking, REASONS[lacking][0])
    if not rule.allowed or person is None:
        sentence = rules.explain(act, purpose, category, to)
        return Answer(rule.allowed, rule.clause, rule.reason, sentence)
    people = family(person.root_id)
    about = [
        p for p in Permit.objects.filter(person_id__in=people) if related(p.category, category)
    ]
    mine = [p for p in about if p.purpose == purpose]
    usable = [p for p in mine if p.usable_at(clock.now())]
    if usable and to and (reason := undisclosed(rule, purpose, category, to, people)):
        return Answer(False, rule.clause, reason, REASONS[reason][0])
    if usable:
        found = usable[0]
        return Answer(
            True,
            rule.clause,
            "permitted",
            f"Collected at {found.touchpoint} under § {found.clause} of version {found.version} "
            "for this purpose, and not refused.",
        )
    if not about:
        return Answer(False, rule.clause, "nothing-held", "Nothing of this category is held.")
    reason = why_not(mine, person, rules.find("use", purpose, category))
    return Answer(False, rule.clause, reason, REASONS[reason][0])
