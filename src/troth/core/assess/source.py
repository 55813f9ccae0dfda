"""Which source a result is of: a digest of all that decides how the software behaves, and of what
its proofs look at.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[4]
PARTS: Final = (
    *("src", "policies", "locks", "clauses/register.toml"),
    *("tests/proofs", "tests/support"),
)


@cache
def digest() -> str:
    """SHA-256, in hex, over the names and contents of the files under `PARTS` of this checkout.

    Compiled modules are left out. Where the project is installed without its checkout, only what
    was installed counts.
    """
    whole = sha256()
    for part in PARTS:
        there = ROOT / part
        for path in [there] if there.is_file() else sorted(there.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                whole.update(f"{path.relative_to(ROOT)}\0".encode())
                whole.update(sha256(path.read_bytes()).digest())
    return whole.hexdigest()
