"""One policy of 50 rules, said in the three languages: Troth's, Cedar's and casbin's.

30 clauses collect at ten touchpoints, 15 share with five recipients, 5 forbid a purpose to share
something with anyone. A rule about `user.contact` holds for all categories under it, in all three.
"""

from __future__ import annotations

import json
import random
from typing import Final

from troth.policy.taxonomy import categories, covers

Question = tuple[str, str, str, str]  # act, purpose, category, touchpoint or recipient

PURPOSES: Final = [f"purpose{number}" for number in range(10)]
PLACES: Final = [f"forms.place{number}" for number in range(10)]
PARTIES: Final = [f"party{number}" for number in range(5)]
DATA: Final = (
    *("user.contact", "user.name", "user.device", "user.content", "user.location"),
    *("user.payment", "user.account", "user.behavior", "user.demographic", "user.telemetry"),
)
COLLECT: Final = [
    (PURPOSES[number % 10], DATA[(number * 3 + number // 10) % 10], PLACES[number // 3])
    for number in range(30)
]
SHARE: Final = [
    (PURPOSES[number % 10], DATA[(number * 3 + number // 10) % 10], PARTIES[number // 3])
    for number in range(15)
]
# What is shared is not forbidden too: our checker would refuse the contradiction.
FORBID: Final = [(purpose, DATA[(DATA.index(data) + 5) % 10]) for purpose, data, _ in SHARE[:5]]


def leaves(prefix: str) -> list[str]:
    """The categories under a rule's that have nothing under themselves."""
    known = list(categories())
    return [
        name
        for name in known
        if covers(prefix, name) and not any(other.startswith(name + ".") for other in known)
    ]


def questions(count: int) -> list[Question]:
    """Questions about all that the policy knows; about half are permitted."""
    draw = random.Random(1)
    found: list[Question] = []
    every = [leaf for prefix in DATA for leaf in leaves(prefix)]
    while len(found) < count:
        purpose, data, place = draw.choice(COLLECT)
        found.append(("collect", purpose, draw.choice(leaves(data)), place))
        purpose, data, party = draw.choice(SHARE)
        found.append(("share", purpose, draw.choice(leaves(data)), party))
        found.append(("collect", draw.choice(PURPOSES), draw.choice(every), draw.choice(PLACES)))
        found.append(("share", draw.choice(PURPOSES), draw.choice(every), draw.choice(PARTIES)))
    return found[:count]


def troth() -> str:
    """The policy as Troth reads it."""
    blocks = [
        """
        [policy]
        version = "1"
        effective = 2026-01-01
        language = "en"
        title = "Fifty rules"
        [company]
        name = "Fifty"
        service = "Fifty rules"
        minimum_age = 16
        privacy_contact = "privacy@fifty.example"
        website = "https://fifty.example"
        """
    ]
    blocks += [
        f'[purposes.{name}]\nclause = "1.{number}"\nuse = "essential.service.operations"\n'
        f'label = "{name}"\nbasis = "essential"\ntext = "For {name}."\n'
        for number, name in enumerate(PURPOSES, 1)
    ]
    blocks += [
        f'[recipients.{name}]\nname = "{name}"\nkind = "processor"\ncountry = "CA"\n'
        'safeguards = ["dpa"]\n'
        for name in PARTIES
    ]
    blocks += [
        f'[[collect]]\nclause = "2.{number}"\nat = "{place}"\ndata = ["{data}"]\n'
        f'for = ["{purpose}"]\ntext = "Collected."\n'
        for number, (purpose, data, place) in enumerate(COLLECT, 1)
    ]
    blocks += [
        f'[[share]]\nclause = "3.{number}"\nwith = ["{party}"]\ndata = ["{data}"]\n'
        f'for = ["{purpose}"]\ntext = "Shared."\n'
        for number, (purpose, data, party) in enumerate(SHARE, 1)
    ]
    blocks += [
        f'[[forbid]]\nclause = "4.{number}"\nact = "share"\ndata = ["{data}"]\n'
        f'for = ["{purpose}"]\ntext = "Never shared."\n'
        for number, (purpose, data) in enumerate(FORBID, 1)
    ]
    blocks.append(
        '[[keep]]\nclause = "5.1"\ndata = ["user"]\nperiod = "1 year after last contact"\n'
        'then = "erase"\ntext = "Kept a year."\n'
    )
    return "\n".join(blocks)


def cedar() -> str:
    """The policy as Cedar statements."""
    head = 'principal == Purpose::"{0}", action == Action::"{1}", resource in Category::"{2}"'
    lines = [
        f"permit({head.format(purpose, act, data)})"
        f' when {{ resource in Category::"{data}" && context.party == "{party}" }};'
        for act, rules in (("collect", COLLECT), ("share", SHARE))
        for purpose, data, party in rules
    ]
    lines += [f"forbid({head.format(purpose, 'share', data)});" for purpose, data in FORBID]
    return "\n".join(lines)


def cedar_entities() -> str:
    """Purposes, and the tree of categories, as Cedar entities."""
    found = [{"uid": {"type": "Purpose", "id": name}} for name in PURPOSES]
    found += [
        {
            "uid": {"type": "Category", "id": name},
            "parents": [{"type": "Category", "id": parent}] if parent else [],
        }
        for name in categories()
        for parent in [name.rpartition(".")[0]]
    ]
    return json.dumps([{"attrs": {}, "parents": []} | one for one in found])


CASBIN_MODEL: Final = """
[request_definition]
r = purpose, act, category, party
[policy_definition]
p = purpose, act, category, party, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.purpose == p.purpose && r.act == p.act && \
(p.party == "*" || r.party == p.party) && g(r.category, p.category)
"""


def casbin_rules() -> list[list[str]]:
    """The policy as casbin lines."""
    lines = [
        [purpose, act, data, party, "allow"]
        for act, rules in (("collect", COLLECT), ("share", SHARE))
        for purpose, data, party in rules
    ]
    return lines + [[purpose, "share", data, "*", "deny"] for purpose, data in FORBID]


def casbin_tree() -> list[list[str]]:
    """The tree of categories as casbin roles."""
    names = list(categories())
    return [[name, name.rpartition(".")[0]] for name in names if "." in name]
