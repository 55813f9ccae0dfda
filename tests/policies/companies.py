"""The five companies' policies and the register, read once for all tests here."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from troth.policy import Policy, Reading, Rules, compile, read  # noqa: A004

ROOT = Path(__file__).resolve().parents[2]
COMPANIES = ("com1", "comantra", "comindware", "comintech", "comm100")


@dataclass(frozen=True)
class Company:
    """One company's policy file, read and compiled."""

    key: str
    source: str
    reading: Reading
    policy: Policy
    rules: Rules

    @property
    def stated(self) -> set[str]:
        """The register ids that its clauses name."""
        return {name for block in self.policy.blocks for name in block.register}

    def purpose(self, use: str) -> str:
        """The key of the one purpose with this data use."""
        (key,) = (key for key, purpose in self.policy.purposes.items() if purpose.use == use)
        return key

    def with_clause(self, text: str) -> Reading:
        """What the checker says about the policy with something written under it."""
        return read(f"{self.source}\n{text}", f"{self.key}.toml")


@cache
def load(key: str) -> Company:
    """The company whose file has this name."""
    source = (ROOT / "policies" / f"{key}.toml").read_text(encoding="utf-8")
    reading = read(source, f"{key}.toml")
    assert reading.policy is not None, [str(problem) for problem in reading.errors]
    return Company(key, source, reading, reading.policy, compile(reading.policy))


@cache
def register() -> tuple[dict[str, Any], ...]:
    """The entries of the clause register."""
    with (ROOT / "clauses" / "register.toml").open("rb") as file:
        return tuple(tomllib.load(file)["clause"])
