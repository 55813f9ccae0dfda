"""`python -m bench [NAME]`: measure all figures, or one, and write bench/results/latest.json."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from bench.figure import Figure
from bench.targets import MODULES, TARGETS

RESULTS = Path(__file__).parent / "results" / "latest.json"


def main(wanted: list[str]) -> int:
    """Measure what is wanted (all, if nothing is named). Returns the exit code."""
    unknown = [name for name in wanted if name not in MODULES]
    if unknown:
        print(f"There is no figure {unknown[0]!r}. There are: {', '.join(MODULES)}.")
        return 2
    names = wanted or list(MODULES)
    found = json.loads(RESULTS.read_text("utf-8")) if wanted and RESULTS.exists() else {}
    for module in dict.fromkeys(MODULES[name] for name in names):
        mine = [name for name in names if MODULES[name] == module]
        print(f"… {', '.join(mine)}", flush=True)
        start = time.monotonic()
        figures: dict[str, Figure] = import_module(f"bench.{module}").measure(mine)
        for name, figure in figures.items():
            found[name] = asdict(figure)
            print(f"  {line(name, figure)}")
        print(f"  ({time.monotonic() - start:.0f} s)", flush=True)
        save(found)
    return 0


def line(name: str, figure: Figure) -> str:
    """The figure in one line, with what became of its target."""
    target = TARGETS.get(name)
    outcome = f": {target.said(figure)}" if target else ""
    ratio = "" if figure.ratio is None else f", {figure.ratio:g}x ({figure.against})"
    return f"{name} {figure.value:g} {figure.unit}{ratio}{outcome}"


def save(found: dict[str, dict[str, object]]) -> None:
    """Write what there is after every module, so that a run cut short leaves its figures."""
    ordered = {name: found[name] for name in MODULES if name in found}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(ordered, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
