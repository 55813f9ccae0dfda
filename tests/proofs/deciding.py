"""What the gate answers and what the checker finds, asked on the command line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from tempfile import NamedTemporaryFile
from typing import Any

from proofs.company import POLICIES
from support.installations import TROTH, Installation

Question = tuple[str, str, str]
"""A purpose, a data category, and the recipient or "" where nothing leaves."""


def answers(
    site: Installation,
    *,
    purposes: Iterable[str],
    data: Iterable[str],
    to: Iterable[str] = (),
    person: str = "",
    days_ahead: float = 0,
) -> dict[Question, dict[str, Any]]:
    """What `troth why` says to every combination."""
    words = [
        *(word for one in purposes for word in ("--purpose", one)),
        *(word for one in data for word in ("--data", one)),
        *(word for one in to for word in ("--to", one)),
        *(("--person", person) if person else ()),
    ]
    done = site.run("why", *words, "--json", check=False, days_ahead=days_ahead)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    said = found if isinstance(found, list) else [found]
    assert done.returncode == (0 if all(one["allowed"] for one in said) else 1)
    return {(one["purpose"], one["data"], one["to"]): one for one in said}


def passed(said: dict[Question, dict[str, Any]]) -> set[Question]:
    """The questions that the gate said yes to."""
    return {question for question, one in said.items() if one["allowed"]}


def shipped(company: str) -> str:
    """The text of a company's policy file."""
    return (POLICIES / f"{company}.toml").read_text("utf-8")


def problems(text: str) -> list[dict[str, Any]]:
    """The errors and warnings of `troth policy check`; it exits with 1 where one is an error."""
    with NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        words = [TROTH, "policy", "check", "--quiet", "--json", file.name]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    assert done.returncode == (1 if any(one["severity"] == "error" for one in found) else 0)
    return found


def codes(text: str) -> set[str]:
    """The codes of the problems."""
    return {one["code"] for one in problems(text)}
