"""A rule in words: what, why and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from troth.policy import taxonomy
from troth.policy.model import Policy
from troth.policy.nearest import nearest
from troth.policy.verdicts import Rule

Question = tuple[str, str, str, str]

_DOING = {"collect": "Collecting", "use": "Using", "share": "Sharing"}
_FAR = 3
"""Up to this score, what is permitted has too little in common with what was asked."""

_CHOICES = {
    "opt-out": "for everyone who has not refused",
    "opt-in": "for those who agreed",
    "explicit-opt-in": "for those who agreed explicitly",
}


def explain(
    policy: Policy, rule: Rule, question: Question, granted: Iterable[tuple[Question, Rule]]
) -> str:
    """One to three sentences for people. `granted` is all that is permitted."""
    act, purpose, category, party = question
    what = f"{_DOING.get(act, act)} `{category}` for `{purpose}`"
    if party:
        what += f" at `{party}`" if act == "collect" else f" with `{party}`"
    if rule.allowed:
        return _permitted(what, rule)
    if act not in _DOING:
        return f"There is no act `{act}`. The acts are collect, use and share."
    if rule.reason.startswith("unknown"):
        why, todo = _unknown(policy, rule.reason, question)
    elif rule.reason.startswith("safeguard"):
        why, todo = _unguarded(policy, rule, party)
    elif rule.reason == "prohibited":
        why = f"clause {rule.clause} rules the purpose out ({policy.purposes[purpose].label})"
        todo = "Only a new version of the policy can permit it."
    elif rule.reason == "forbidden":
        why = f"clause {rule.clause} forbids it"
        todo = "Leave this data out, or publish a version in which the clause has an exception."
    else:
        why, todo = "no clause permits it", _closest(question, granted)
    return f"{what} is refused: {why}. {todo}"


def _unknown(policy: Policy, reason: str, question: Question) -> tuple[str, str]:
    _, purpose, category, party = question
    reasons: dict[str, tuple[str, str, Iterable[str], str]] = {
        "unknown-purpose": (
            f"the policy declares no purpose `{purpose}`",
            purpose,
            policy.purposes,
            f"Declare it under [purposes.{purpose}] in a new version.",
        ),
        "unknown-category": (
            f"there is no data category `{category}`",
            category,
            taxonomy.categories(),
            "Use a category of fideslang.",
        ),
        "unknown-recipient": (
            f"the policy names no recipient `{party}`",
            party,
            policy.recipients,
            f"Declare it under [recipients.{party}] in a new version.",
        ),
        "unknown-touchpoint": (
            f"no clause collects anything at `{party}`",
            party,
            [block.at for block in policy.collects],
            "Add a [[collect]] clause for it in a new version.",
        ),
    }
    why, word, known, todo = reasons[reason]
    found = nearest(word, known)
    return why, f"Perhaps `{found}` is meant. {todo}" if found else todo


def _unguarded(policy: Policy, rule: Rule, party: str) -> tuple[str, str]:
    if rule.reason == "safeguard-expired":
        why = f"the safeguards of `{party}` ran out on {policy.recipients[party].expires}"
        return why, "Renew them, then give the new date in `expires`."
    asked = f"clause {rule.clause} asks for" if rule.clause else "there has to be"
    why = f"{asked} a safeguard that `{party}` does not have"
    return why, "Agree one with the recipient, then add it to `safeguards`."


def _permitted(what: str, rule: Rule) -> str:
    asked = rule.choice if rule.choice != "none" else rule.basis
    whom = _CHOICES.get(asked, "")
    sentence = f"{what} is permitted by clause {rule.clause}" + (f", {whom}" if whom else "") + "."
    if rule.obligations:
        sentence += f" It is bound to {', '.join(rule.obligations)}."
    return sentence


def _closest(question: Question, granted: Iterable[tuple[Question, Rule]]) -> str:
    """What the policy does permit that differs from the question in as little as possible."""
    act, purpose, category, party = question
    score, best, clause = 0, "", ""
    for (other_act, other_purpose, other_category, other_party), rule in granted:
        if other_act != act:
            continue
        same = (
            4 * (other_category == category)
            + 3 * (other_party == party)
            + 2 * (other_purpose == purpose)
        )
        if same < score:  # where it is no nearer even if one category holds the other
            continue
        same += taxonomy.overlap(other_category, category)
        if same > score:
            score, clause = same, rule.clause
            best = f"`{other_category}` for `{other_purpose}`"
            if other_party:
                best += f" at `{other_party}`" if act == "collect" else f" with `{other_party}`"
    add = f"Add a [[{act if act != 'use' else 'collect'}]] clause in a new version of the policy"
    return (
        f"Nearest is clause {clause}: {best}. {add}, or keep to it." if score > _FAR else f"{add}."
    )
