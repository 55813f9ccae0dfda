"""Policies in, rules out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from policy.golden_files import GOLDEN, TODAY, clean, golden, sound
from troth.policy import Rule, Rules, compile  # noqa: A004

FILES = sorted((GOLDEN / "compile").glob("*.toml"))


def described(rule: Rule) -> str:
    verdict = "yes" if rule.allowed else f"no ({rule.reason})"
    bound = f" {' '.join(rule.obligations)}" if rule.obligations else ""
    return f"{verdict} §{rule.clause or '-'} basis={rule.basis or '-'} choice={rule.choice}{bound}"


def answers(rules: Rules, path: Path) -> str:
    """The answers to the questions that a file asks in its comments."""
    out = ""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("# ask: "):
            act, purpose, category, *rest = line.removeprefix("# ask: ").split()
            party = rest[0] if rest else ""
            on = date.fromisoformat(rest[1]) if len(rest) > 1 else TODAY
            rule = rules.find(act, purpose, category, party, on)
            out += f"{line}\n  {described(rule)}\n"
            out += f"  {rules.explain(act, purpose, category, party, on)}\n"
    return out


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rules(path: Path) -> None:
    rules = compile(sound(path))
    lines = sorted(
        f"{' '.join(asked).strip()}: {described(rule)}" for asked, rule in rules.granted()
    )
    golden(path.with_suffix(".expected"), answers(rules, path) + "\n".join(lines) + "\n")


def test_what_no_clause_permits_is_refused() -> None:
    rules = compile(clean("clean"))
    permitted = {question for question, _ in rules.granted()}
    assert permitted
    for act in ("collect", "use", "share"):
        for purpose in rules.purposes:
            for category in ("user", "user.name", "user.contact", "user.location", "system"):
                for party in ("", "mailer", "forms.contact", "nobody"):
                    rule = rules.find(act, purpose, category, party)
                    assert rule.allowed == ((act, purpose, category, party) in permitted)
                    assert rule.allowed or rule.reason


def test_a_touchpoint_knows_its_fields() -> None:
    place = compile(clean("clean-everything")).touchpoints["forms.demo"]
    assert (place.title, place.clause, place.purposes) == (
        "Ask for a demonstration",
        "6",
        ("support",),
    )
    assert [(field.key, field.category, field.required) for field in place.fields] == [
        ("user.name", "user.name", True),
        ("question", "user.content.private", True),
        ("website", "user.contact.url", False),
        ("staff", "user.workplace", False),
    ]
    name, question, website, staff = place.fields
    assert name.label == "Name"
    assert question.multiline
    assert (website.label, website.hint, website.max_length) == ("Web site", "With https", 300)
    assert staff.options == ("1-10", "11-50", "more")


def test_a_clause_of_several_blocks_gives_its_text_to_each() -> None:
    policy = clean("clean-continued-clause")
    clause = policy.clause("3")
    assert clause is not None
    assert len(clause.blocks) == 2
    places = compile(policy).touchpoints
    assert places["forms.demo"].text == places["forms.contact"].text == clause.text


def test_the_closest_retention_clause_counts() -> None:
    keeps = compile(clean("clean"))
    keep = keeps.keep("user.contact.email", "forms.contact", "news")
    assert keep is not None
    assert str(keep.period) == "2 years after last contact"
    assert keeps.keep("system.operations") is None


def test_sentences_shown_at_a_touchpoint() -> None:
    rules = compile(clean("clean-everything"))
    assert [block.clause for block in rules.informs_at("accounts.password")] == ["21"]
    assert rules.informs_at("forms.demo") == ()
    assert rules.notify == ("site", "mail")
    assert rules.window.days == 30
    assert rules.minimum_age == 13
