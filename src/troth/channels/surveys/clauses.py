"""What the policy lets a survey ask: the fields of its touchpoint, and what for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from troth.channels.surveys.models import Survey
from troth.core.errors import Denied
from troth.core.notices.versions import current
from troth.policy import Field, Rules, Touchpoint

YES: Final = ("opt-in", "explicit-opt-in")
EMAIL: Final = "user.contact.email"


class SurveyDenied(Denied):
    """The policy does not let this be asked."""


def place(kind: str) -> Touchpoint:
    """The touchpoint of surveys, or of contests. Raises `SurveyDenied` if no clause has it."""
    key = Survey(kind=kind).touchpoint
    found = current().rules.touchpoints.get(key)
    if found is None:
        raise SurveyDenied(
            f"No {'contest' if kind == Survey.Kind.CONTEST else 'survey'} may be held.",
            why=f"The policy in force has no clause for {key}.",
            do="Publish a policy with a [[collect]] for it.",
        )
    return found


def field(touchpoint: Touchpoint, key: str) -> Field:
    """The field of that name. Raises `SurveyDenied`, with the clause that lacks it."""
    for one in touchpoint.fields:
        if one.key == key and not one.pass_to:
            return one
    raise SurveyDenied(
        "The clause has nothing of this kind.",
        why=f"§ {touchpoint.clause} names all that may be asked here.",
        do="Choose what the clause names.",
        clause=touchpoint.clause,
    )


def purpose(touchpoint: Touchpoint) -> str:
    """What the answers are for: the first purpose of the clause that advertises nothing."""
    rules = current().rules
    plain = [k for k in touchpoint.purposes if not rules.purposes[k].use.startswith("marketing")]
    return (plain or list(touchpoint.purposes))[0]


def serving(touchpoint: Touchpoint, category: str) -> list[str]:
    """The purposes the clause collects a category for, without those that only advertise."""
    rules = current().rules
    return [
        key
        for key in touchpoint.purposes
        if rules.find("collect", key, category, touchpoint.key).allowed
        and rules.find("use", key, category).allowed
        and not rules.purposes[key].use.startswith("marketing")
    ]


def lacking(
    touchpoint: Touchpoint, categories: Collection[str], choices: Mapping[str, tuple[bool, str]]
) -> dict[str, list[str]]:
    """By category, the purposes of which one needs a yes that was not given: nothing would ever be
    done with such an answer, so it is not taken.
    """
    rules, found = current().rules, {}
    for category in categories:
        keys = serving(touchpoint, category)
        said = [k for k in keys if choices.get(k, (False, ""))[0] or _needs_no_yes(rules, k)]
        if keys and not said:
            found[category] = keys
    return found


def _needs_no_yes(rules: Rules, key: str) -> bool:
    return rules.purposes[key].basis not in YES
