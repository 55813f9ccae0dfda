"""A second version of a company's policy: one new purpose for what was given at registration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from proofs.campaigns.campaigning import own_page
from proofs.company import Company
from support.reader import Reader
from support.seeded import Seed

VERSION: Final = "2020-05-06"
LABEL: Final = "Inviting you to trials"


def second(source: str) -> str:
    """The next version, material: what registration and the contact form give serves a purpose
    more. Revised on 6 May 2020.
    """
    found = re.search(r'(?m)^\[purposes\.\S+\]\nclause = "(\d+)\.', source)
    assert found
    trials = (
        f'[purposes.trials]\nclause = "{found[1]}.90"\nuse = "marketing.communications"\n'
        f'label = "{LABEL}"\nbasis = "opt-out"\nchannels = ["email"]\n'
        'text = "We invite you to try what is new."\n\n'
    )
    for place in ("accounts.register", "forms.contact"):
        at = source.index(f'at = "{place}"')
        start = source.index("for = [", at) + len("for = [")
        source = f'{source[:start]}"trials", {source[start:]}'
    at = source.index(found[0])
    return renamed(source[:at] + trials + source[at:])


def renamed(source: str, version: str = VERSION) -> str:
    """The same text under another version's name and date: nothing in effect changes."""
    source = re.sub(r'(?m)^version = ".*"', f'version = "{version}"', source, count=1)
    return re.sub(r"(?m)^(effective|revised) = .*", r"\1 = 2020-05-06", source, count=2)


@dataclass(frozen=True)
class Renewed:
    """Who had an account before: `people` with their `readers`, logged in; the last of them wants
    no solicitation. `home` is the home page as it was before.
    """

    company: Company
    people: list[Seed]
    readers: list[Reader]
    home: str

    def ref(self, number: int) -> str:
        """What one of them is called on the ledger."""
        page = own_page(self.company, self.people[number])
        return page.url.rpartition("/")[2].partition("~")[0]

    def why(self, ref: str, *, days: float = 0, purpose: str = "trials") -> str:
        """The gate about somebody's address for the new purpose, some days ahead."""
        asked = ("--purpose", purpose, "--data", "user.contact.email", "--person", ref)
        return self.company.site.run("why", *asked, check=False, days_ahead=days).stdout
