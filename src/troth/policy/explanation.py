"""A rule in words: what, why and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from troth.policy import taxonomy
from troth.policy.model import Policy
from troth.policy.nearest import nearest
from troth.policy.verdicts import Rule

Question = tuple[str, str, str, str]

_DOING = {"collect": "Collecting", "use": "Using", "share": "Sharing"}
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
    declared = policy.purposes.get(purpose)
    if rule.reason == "unknown-purpose":
        return f"{what} is refused: the policy declares no purpose `{purpose}`. " + _similar(
            purpose, policy.purposes, f"Declare it under [purposes.{purpose}] in a new version."
        )
    if rule.reason == "unknown-category":
        return f"{what} is refused: there is no data category `{category}`. " + _similar(
            category, taxonomy.categories(), "Use a category of fideslang."
        )
    if rule.reason == "unknown-recipient":
        return f"{what} is refused: the policy names no recipient `{party}`. " + _similar(
            party, policy.recipients, f"Declare it under [recipients.{party}] in a new version."
        )
    if rule.reason == "unknown-touchpoint":
        places = [block.at for block in policy.collects]
        return f"{what} is refused: no clause collects anything at `{party}`. " + _similar(
            party, places, "Add a [[collect]] clause for it in a new version."
        )
    if rule.reason == "prohibited":
        label = declared.label if declared else purpose
        return (
            f"{what} is refused: clause {rule.clause} rules the purpose out ({label}). "
            "Only a new version of the policy can permit it."
        )
    if rule.reason == "forbidden":
        return (
            f"{what} is refused: clause {rule.clause} forbids it. "
            "Leave this data out, or publish a version in which the clause has an exception."
        )
    if rule.reason == "safeguard-missing":
        asked = f"clause {rule.clause} asks for" if rule.clause else "there has to be"
        return (
            f"{what} is refused: {asked} a safeguard that `{party}` does not have. "
            "Agree one with the recipient, then add it to `safeguards`."
        )
    if rule.reason == "safeguard-expired":
        expires = policy.recipients[party].expires
        return (
            f"{what} is refused: the safeguards of `{party}` ran out on {expires}. "
            "Renew them, then give the new date in `expires`."
        )
    close = _closest(question, granted)
    return f"{what} is refused: no clause permits it. {close}"


def _permitted(what: str, rule: Rule) -> str:
    asked = rule.choice if rule.choice != "none" else rule.basis
    whom = _CHOICES.get(asked, "")
    sentence = f"{what} is permitted by clause {rule.clause}" + (f", {whom}" if whom else "") + "."
    if rule.obligations:
        sentence += f" It is bound to {', '.join(rule.obligations)}."
    return sentence


def _similar(word: str, known: Iterable[str], otherwise: str) -> str:
    found = nearest(word, known)
    return f"Perhaps `{found}` is meant. {otherwise}" if found else otherwise


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
            + taxonomy.overlap(other_category, category)
        )
        if same > score:
            score, clause = same, rule.clause
            best = f"`{other_category}` for `{other_purpose}`"
            if other_party:
                best += f" at `{other_party}`" if act == "collect" else f" with `{other_party}`"
    add = f"Add a [[{act if act != 'use' else 'collect'}]] clause in a new version of the policy"
    return f"Nearest is clause {clause}: {best}. {add}, or keep to it." if score > 3 else f"{add}."
