"""Reading 100,000 people with five sealed values each, beside the same model unsealed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.figure import Figure
from bench.places import SQLITE, inside, installed

PEOPLE: Final = 100_000
POLICY: Final = Path(__file__).parent / "toy" / "policy.toml"


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`unseal_100k`."""
    with installed(SQLITE, company=str(POLICY)) as installation:
        found = inside(installation, "unsealing", str(PEOPLE))
    figure = Figure(
        round(found["sealed"], 2),
        "s",
        f"the same model unsealed ({found['unsealed']:.2f} s)",
        round(found["ratio"], 2),
        f"{PEOPLE:,} rows as model instances on SQLite, five values read of each. Ours opens one "
        "use for all of them: everybody's permit for each of the five categories is checked, the "
        "use is on the ledger with a commitment to who they are and a roll of them, and a key a "
        "person is fetched and unwrapped. The five values of a row are sealed as one "
        "(SealedRowField), under the key of its person. Inside a use that is open already the "
        f"ratio is {found['within']:.2f}x. The peer reads the same rows as plain text fields, with "
        "no check and nothing recorded.",
    )
    return dict.fromkeys(names, figure)
