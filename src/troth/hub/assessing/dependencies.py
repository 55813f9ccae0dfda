"""The packages that run here: those that were locked, and without a known weakness."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distributions, version
from pathlib import Path
from typing import Any, Final

from troth.core.assess.checks import Situation, check
from troth.core.assess.findings import Finding, failed, held, unseen
from troth.core.assess.source import ROOT

LOCK: Final = ROOT / "locks" / "run.txt"
_RUN: Final = (".py", ".so", ".pyd", ".js")
_PINNED: Final = re.compile(
    r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?: *; *([^\\\n]+?))? *\\?\n((?: +--hash=\S+(?: \\)?\n?)*)",
    re.MULTILINE,
)


def locked() -> list[tuple[str, str, str, int]]:
    """Name, version, marker and number of hashes of each line of the lock."""
    return [
        (name, pinned, marker, hashes.count("--hash="))
        for name, pinned, marker, hashes in _PINNED.findall(LOCK.read_text("utf-8"))
    ]


@check(
    "implemented.dependencies",
    area="implemented",
    says="Every package that is locked is installed in the version, and each is locked by hashes.",
)
def dependencies(situation: Situation) -> Iterator[Finding]:
    if not LOCK.exists():
        yield unseen("The locks are not here.", do="Run this from a checkout.")
        return
    right = 0
    for name, pinned, marker, hashes in locked():
        found = _installed(name)
        if not hashes:
            yield failed("It is locked without a hash.", name, do="Run `make lock`.")
        elif found is None and marker:
            continue  # for another system or another Python
        elif found != pinned:
            yield failed(
                f"Locked is {pinned}, installed is {found or 'nothing'}.", name, do="`make setup`."
            )
        else:
            right += 1
    yield held(f"{right} packages are as locked, for Python {sys.version.split()[0]}.")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


@check(
    "implemented.installed",
    area="implemented",
    says="Each module of the packages that run here is as it was installed.",
)
def installed(situation: Situation) -> Iterator[Finding]:
    """Against the digests of each wheel's own RECORD (PEP 376): what was changed afterwards shows,
    what was wrong in the wheel does not; the lock's hashes are for that.
    """
    names = [name for name, *_ in locked()] if LOCK.exists() else []
    packages = [one for name in names for one in distributions(name=name)]
    files = 0
    for package in packages:
        count, changed = compared(package)
        files += count
        for file in changed:
            yield failed(
                "It is not as it was installed.",
                f"{package.name}: {file}",
                do="Find out who changed it, and install the packages anew.",
            )
    if files:
        yield held(f"{files} modules of {len(packages)} packages were read.")
    else:
        yield unseen("No package of the lock is here.", do="Run this from a checkout.")


def compared(package: Distribution) -> tuple[int, list[str]]:
    """How many modules of a package were read, and those that are gone or otherwise than recorded.

    Data is left out, which nothing runs, and so is what has no digest, such as compiled modules.
    """
    count, changed = 0, []
    for file in package.files or ():
        if file.hash is None or file.suffix not in _RUN:
            continue
        count += 1
        try:
            content = Path(str(file.locate())).read_bytes()
        except OSError:
            changed.append(str(file))
            continue
        digest = urlsafe_b64encode(hashlib.new(file.hash.mode, content).digest())
        if digest.rstrip(b"=").decode("ascii") != file.hash.value:
            changed.append(str(file))
    return count, changed


@check(
    "implemented.audit",
    area="implemented",
    says="No package has a weakness that the advisories know (a report of pip-audit).",
    by="audit",
)
def audit(situation: Situation) -> Iterator[Finding]:
    if situation.audit is None:
        yield unseen(
            "No report was given.",
            do="`pip-audit -r locks/run.txt -f json -o audit.json`, then --audit audit.json.",
        )
        return
    try:
        rows: list[Mapping[str, Any]] = json.loads(situation.audit.read_text("utf-8"))[
            "dependencies"
        ]
        reported = {str(row["name"]).lower(): row for row in rows}
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        yield failed("The report is not of pip-audit's JSON format.", situation.audit.name)
        return
    for name, row in sorted(reported.items()):
        for known in row.get("vulns", ()):
            fixed = ", ".join(known.get("fix_versions", ()))
            yield failed(
                f"{known['id']} is known of {row.get('version', '')}.",
                name,
                do=f"Take {fixed}." if fixed else "There is no version yet that mends it.",
            )
    yield from _covered(reported)


def _covered(reported: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """A report of something else says nothing about this installation."""
    pins = [(name, pinned) for name, pinned, _, _ in locked()] if LOCK.exists() else []
    missing = [
        name
        for name, pinned in pins
        if _installed(name) and reported.get(name.lower(), {}).get("version") != pinned
    ]
    if missing:
        yield failed(
            f"The report says nothing of {len(missing)} packages that run here.",
            ", ".join(missing[:10]),
            do="Audit this very lock.",
        )
    else:
        yield held(f"The report is about the {len(reported)} packages of this lock.")
