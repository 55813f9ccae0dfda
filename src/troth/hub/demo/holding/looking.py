"""Restoring a backup and looking who is in it, in a process of its own.

    python -m troth.hub.demo.holding.looking REF,REF restore FILE …

After what the command says comes a line of JSON: for each reference how many values are held and
open, and a digest over them. No value leaves the process.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable

from troth.core.errors import Refusal
from troth.hub.cli import troth
from troth.hub.setup import start


def digest(values: Iterable[str]) -> str:
    """The same for the same values in any order."""
    return hashlib.sha256("\0".join(sorted(values)).encode()).hexdigest()


def look(ref: str) -> dict[str, int | str]:
    """How many values are held about somebody and how many of them open, with their digest."""
    from troth.core.actors import Actor  # noqa: PLC0415 - after setup
    from troth.core.gate.uses import own  # noqa: PLC0415
    from troth.core.people.models import Element, Person  # noqa: PLC0415
    from troth.core.sealing.sealed import Sealed  # noqa: PLC0415

    person = Person.objects.filter(ref=ref).first()
    if person is None:
        return {"held": 0, "open": 0, "digest": digest([])}
    held = list(Element.objects.filter(person=person))
    with own(person=person, actor=Actor.system("demo")):
        values = [one.value for one in held if not isinstance(one.value, Sealed)]
    return {"held": len(held), "open": len(values), "digest": digest(values)}


def main(people: str, *command: str) -> None:
    """Run `troth COMMAND`, then look for `people` in the installation."""
    try:
        troth(command, standalone_mode=False)
    except Refusal as refusal:
        sys.exit(str(refusal))
    start()
    from troth.core.organisations.models import Organisation  # noqa: PLC0415 - after setup
    from troth.core.organisations.scope import scope  # noqa: PLC0415

    with scope(Organisation.objects.get()):
        print(json.dumps({ref: look(ref) for ref in people.split(",")}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(*sys.argv[1:])
