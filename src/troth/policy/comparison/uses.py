"""Changes in what may be done: purposes, and the data they may collect, use and share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from troth.policy import taxonomy, words
from troth.policy.blocks import Purpose
from troth.policy.comparison.change import Changes
from troth.policy.effects import BASES, CHOICES, purpose_label, recipient_label
from troth.policy.model import Policy
from troth.policy.periods import Period
from troth.policy.rules import Rules
from troth.policy.verdicts import Rule

Pair = tuple[str, str]
Granted = dict[tuple[str, str], dict[str, Rule]]
"""For a purpose and a party, the permitted categories with their rules."""


def granted(rules: Rules, act: str) -> Granted:
    """All that is permitted of an act."""
    found: Granted = {}
    for (one, purpose, category, party), rule in rules.granted():
        if one == act:
            found.setdefault((purpose, party), {})[category] = rule
    return found


def used(rules: Rules) -> set[Pair]:
    """Purposes with the categories they may be used for or shared for."""
    return {
        (question[1], question[2]) for question, _ in rules.granted() if question[0] != "collect"
    }


def purposes(old: Policy, new: Policy, changes: Changes) -> None:
    """Purposes added, removed, and changed in use, basis or channels."""
    for key, purpose in new.purposes.items():
        before = old.purposes.get(key)
        if before is not None:
            _purpose(before, purpose, changes)
        elif purpose.basis != "prohibited":
            sentence = f"New purpose: {purpose.label}. {BASES[purpose.basis]}."
            changes.wider("purpose", purpose.clause, sentence, "added")
        else:
            sentence = f"Ruled out from now on: {purpose.label}."
            changes.better("purpose", purpose.clause, sentence)
    for key, purpose in old.purposes.items():
        if key not in new.purposes and purpose.basis != "prohibited":
            sentence = f"No longer done: {purpose.label}."
            changes.better("purpose", purpose.clause, sentence, "removed")
        elif key not in new.purposes:
            sentence = f"No longer ruled out: {purpose.label}."
            changes.weaker("purpose", purpose.clause, sentence, "removed")


def _purpose(before: Purpose, purpose: Purpose, changes: Changes) -> None:
    kind, clause, label = "purpose", purpose.clause, purpose.label
    if before.use != purpose.use:
        sentence = f"{label}: the use is `{purpose.use}` instead of `{before.use}`."
        narrower = taxonomy.covers(before.use, purpose.use)
        (changes.better if narrower else changes.wider)(kind, clause, sentence)
    if before.basis != purpose.basis:
        sentence = f"{label}: {BASES[purpose.basis]}; before: {BASES[before.basis].lower()}."
        weaker = _strength(purpose.basis) < _strength(before.basis)
        (changes.wider if weaker else changes.better)(kind, clause, sentence)
    added = set(purpose.channels) - set(before.channels)
    if added and before.channels:
        sentence = f"{label}: now also by {', '.join(sorted(added))}."
        changes.wider(kind, clause, sentence)
    elif before.channels and not purpose.channels:
        changes.wider(kind, clause, f"{label}: no longer limited to certain ways of contact.")
    elif set(before.channels) != set(purpose.channels):
        sentence = f"{label}: now only by {', '.join(purpose.channels)}."
        changes.better(kind, clause, sentence)
    if before.lasts != purpose.lasts:
        sentence = (
            f"{label}: a yes holds {purpose.lasts or 'until it is taken back'}; "
            f"before: {before.lasts or 'until it was taken back'}."
        )
        (changes.weaker if _holds(purpose) > _holds(before) else changes.better)(
            kind, clause, sentence
        )


def _holds(purpose: Purpose) -> float:
    return purpose.lasts.length.total_seconds() if purpose.lasts else float("inf")


def _strength(basis: str) -> int:
    return words.STRENGTH.get(basis, len(words.STRENGTH))


def opened(old: Rules, new: Rules) -> set[Pair]:
    """Purposes and categories of both versions under which more is done now: the basis is
    weaker, the use another, or somebody new receives the data."""
    found: set[Pair] = set()
    for (act, purpose, category, party), rule in new.granted():
        before = old.find(act, purpose, category, party, date.min)
        if act == "collect":
            continue
        more = Changes()
        if before.allowed and purpose in old.purposes:
            _purpose(old.purposes[purpose], new.purposes[purpose], more)
            _conditions(before, rule, "", more)
        weaker = _strength(rule.basis) < _strength(before.basis) and before.allowed
        if not before.allowed or weaker or any(change.widens for change in more.found):
            found.add((purpose, category))
    return found


def data(old: Rules, new: Rules, changes: Changes) -> None:
    """Data that a purpose of both versions may newly use, or not any more; and where it is
    collected."""
    before, after = granted(old, "use"), granted(new, "use")
    for (purpose, party), rules in after.items():
        if purpose in old.purposes and old.purposes[purpose].basis != "prohibited":
            known = before.get((purpose, party), {})
            for category, rule in top(rules, set(rules) - set(known)):
                clause = _source(rule)
                what = f"{taxonomy.label(category)} may now be used for: "
                label = purpose_label(new.policy, purpose)
                changes.wider("collect", clause, f"{what}{label}.", "added")
            _raised(known, rules, purpose_label(new.policy, purpose), changes)
    for (purpose, party), rules in before.items():
        if purpose in new.purposes:
            for category, rule in top(rules, set(rules) - set(after.get((purpose, party), {}))):
                what = f"{taxonomy.label(category)} is no longer used for: "
                label = purpose_label(old.policy, purpose)
                changes.better("collect", _source(rule), f"{what}{label}.", "removed")
    _places(old, new, changes)


def _source(rule: Rule) -> str:
    """The collect clause that a use stands on."""
    first = next((word for word in rule.obligations if word.startswith("collect:")), "")
    return first.removeprefix("collect:")


def _raised(known: dict[str, Rule], rules: dict[str, Rule], label: str, changes: Changes) -> None:
    """Where another clause raised the basis of some data, and does so no more."""
    both = {name for name in rules if name in known}
    lower = {name for name in both if _strength(rules[name].basis) < _strength(known[name].basis)}
    for category, rule in top(rules, lower):
        if any(word.startswith(("sensitive", "consent")) for word in known[category].obligations):
            sentence = f"{taxonomy.label(category)} for {label}: {BASES[rule.basis].lower()}."
            changes.wider("sensitive", rule.clause, sentence)


def _places(old: Rules, new: Rules, changes: Changes) -> None:
    for key, place in new.touchpoints.items():
        before = old.touchpoints.get(key)
        if before is None:
            sentence = f"Data is now collected at: {place.title}."
            changes.better("collect", place.clause, sentence, "added")
            continue
        # Two fields of a place may ask for the same category: what counts is the one that must be.
        asked = {field.category: field for field in sorted(before.fields, key=lambda f: f.required)}
        for field in place.fields:
            if field.category not in asked:
                sentence = f"{place.title} now asks for {field.label}."
                changes.better("collect", field.clause, sentence, "added")
            elif field.required and not asked[field.category].required:
                sentence = f"{place.title}: {field.label} must now be given."
                changes.better("collect", field.clause, sentence, "changed")
            if field.category in asked and asked[field.category].pass_to and not field.pass_to:
                sentence = f"{place.title}: {field.label} is now kept here."
                changes.wider("collect", field.clause, sentence)
    for key, place in old.touchpoints.items():
        if key not in new.touchpoints:
            sentence = f"Nothing is collected any more at: {place.title}."
            changes.better("collect", place.clause, sentence, "removed")


def shares(old: Rules, new: Rules, changes: Changes) -> None:
    """Data that may newly go to a recipient, or under weaker conditions."""
    before, after = granted(old, "share"), granted(new, "share")
    for (purpose, party), rules in after.items():
        known = before.get((purpose, party), {})
        to = recipient_label(new.policy, party)
        label = purpose_label(new.policy, purpose)
        for category, rule in top(rules, set(rules) - set(known)):
            what = f"{taxonomy.label(category)} may now go to {to} for: {label}."
            changes.wider("share", rule.clause, what, "added")
        for category, rule in top(rules, set(rules) & set(known)):
            _conditions(known[category], rule, f"To {to} for {label}", changes)
    for (purpose, party), rules in before.items():
        left = set(rules) - set(after.get((purpose, party), {}))
        for category, rule in top(rules, left):
            to = recipient_label(old.policy, party)
            label = purpose_label(old.policy, purpose)
            what = f"{taxonomy.label(category)} no longer goes to {to} for: {label}."
            changes.better("share", rule.clause, what, "removed")


def _conditions(before: Rule, rule: Rule, what: str, changes: Changes) -> None:
    if before.choice != rule.choice:
        asked = CHOICES[rule.choice].lower() or "you are not asked each time"
        # A purpose that asks as much as the disclosure did makes up for it.
        weaker = max(_strength(rule.choice), _strength(rule.basis)) < _strength(before.choice)
        (changes.wider if weaker else changes.better)("share", rule.clause, f"{what}: {asked}.")
    window, window_before = _value(rule, "window"), _value(before, "window")
    if window != window_before:
        shorter = _length(window) < _length(window_before)
        sentence = f"{what}: {window or 'no time'} to refuse instead of {window_before or 'none'}."
        (changes.weaker if shorter else changes.better)("share", rule.clause, sentence)
    group, group_before = _value(rule, "aggregate"), _value(before, "aggregate")
    if group != group_before:
        smaller = bool(group_before) and int(group or 0) < int(group_before)
        size = f"groups of at least {group}" if group else "each person's data, not groups"
        (changes.wider if smaller else changes.better)("share", rule.clause, f"{what}: {size}.")
    needs, needs_before = _values(rule, "need"), _values(before, "need")
    for lost in sorted(needs_before - needs):
        changes.weaker("share", rule.clause, f"{what}: no longer needs {lost.replace('-', ' ')}.")
    for gained in sorted(needs - needs_before):
        changes.better("share", rule.clause, f"{what}: now needs {gained.replace('-', ' ')}.")
    _grounds(before, rule, what, changes)


def _grounds(before: Rule, rule: Rule, what: str, changes: Changes) -> None:
    grounds, grounds_before = _values(rule, "ground"), _values(before, "ground")
    if grounds_before and not grounds:
        changes.wider("share", rule.clause, f"{what}: no longer limited to stated grounds.")
    for ground in sorted(grounds - grounds_before if grounds_before else ()):
        changes.wider("share", rule.clause, f"{what}: also on {ground.replace('-', ' ')}.")
    if grounds and not grounds_before:
        changes.better("share", rule.clause, f"{what}: only on stated grounds.")
    for ground in sorted(grounds_before - grounds if grounds else ()):
        changes.better("share", rule.clause, f"{what}: not on {ground.replace('-', ' ')}.")


def _values(rule: Rule, word: str) -> set[str]:
    found = (one.partition(":") for one in rule.obligations)
    return {value for name, _, value in found if name == word}


def _value(rule: Rule, word: str) -> str:
    return next(iter(_values(rule, word)), "")


def _length(window: str) -> float:
    return Period.parse(window).length.total_seconds() if window else 0


def top(rules: dict[str, Rule], chosen: Iterable[str]) -> list[tuple[str, Rule]]:
    """Of the chosen categories those that stand under no other chosen one of the same clause."""
    names = set(chosen)
    return [
        (name, rule)
        for name, rule in rules.items()
        if name in names
        and not any(
            other != name and taxonomy.covers(other, name) and rules[other].clause == rule.clause
            for other in names
        )
    ]
