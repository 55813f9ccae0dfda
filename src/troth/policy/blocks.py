"""The blocks of a policy: one dataclass for each table of the file.

An annotation says what the file may hold; `shape` derives the reader and the JSON Schema from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from troth.policy import words
from troth.policy.periods import Period
from troth.policy.shape import Key, Unwritten

Data = Annotated[
    tuple[str, ...],
    Key(
        "Elements of this policy or fideslang categories",
        of="data",
        pattern=words.DATA,
        like='"user.name"',
    ),
]
For = Annotated[
    tuple[str, ...],
    Key(
        "The purposes it may serve", of="purpose", name="for", pattern=words.NAME, like='"support"'
    ),
]
Grounds = Annotated[
    tuple[str, ...],
    Key("Grounds on which it may happen at all", pattern=words.NAME, like='"court-order"'),
]
SharingGrounds = Annotated[
    tuple[str, ...],
    Key("Grounds on which it may happen at all", one_of=words.GROUNDS, like='"court-order"'),
]
SharingNeeds = Annotated[
    tuple[str, ...],
    Key("What must be there before it happens", one_of=words.NEEDS, like='"document"'),
]
SeeingNeeds = Annotated[
    tuple[str, ...],
    Key("What must be there before it happens", one_of=words.INSIDE, like='"grant"'),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What all tables with effect share: the clause they belong to. `table` is the name of the
    table in the file, and the `kind` of the clause."""

    table: ClassVar[str] = ""
    clause: Annotated[
        str, Key("The number of the clause", of="number", pattern=words.NUMBER, like='"2.4"')
    ]
    text: Annotated[
        str,
        Key(
            "What people read, in Markdown. Left out, the block adds effect to the clause "
            "of the same number",
            of="text",
        ),
    ] = ""
    register: Annotated[
        tuple[str, ...],
        Key("Ids of the clause register", pattern=words.REGISTER, like='"comm100-22"'),
    ] = ()
    line: Annotated[int, Unwritten] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose(Block):
    """A named use of data, with the ground on which it may be used."""

    table: ClassVar[str] = "purpose"
    key: Annotated[str, Unwritten] = ""
    use: Annotated[
        str,
        Key("The fideslang data use", of="use", pattern=words.DOTTED, like='"essential.service"'),
    ]
    label: Annotated[str, Key("What people read beside a switch")]
    basis: Annotated[str, Key("What the person has to have decided before", one_of=words.BASES)]
    channels: Annotated[
        tuple[str, ...], Key("How people are contacted for it", one_of=words.CHANNELS)
    ] = ()
    lasts: Annotated[
        Period | None, Key("How long a yes holds before it has to be given anew", of="span")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect(Block):
    """Data is collected at a touchpoint."""

    table: ClassVar[str] = "collect"
    at: Annotated[
        str,
        Key(
            "Where: channel and name", of="place", pattern=words.TOUCHPOINT, like='"forms.contact"'
        ),
    ]
    title: Annotated[str, Key("The heading of the form")] = ""
    required: Annotated[
        tuple[str, ...],
        Key("Asked, and must be given", of="data", pattern=words.DATA, like='"user.name"'),
    ] = ()
    optional: Annotated[
        tuple[str, ...],
        Key("Asked, and may be left out", of="data", pattern=words.DATA, like='"user.name"'),
    ] = ()
    data: Annotated[
        tuple[str, ...],
        Key("Collected without being asked for", of="data", pattern=words.DATA, like='"user.name"'),
    ] = ()
    purposes: For = ()
    source: Annotated[str, Key("Who it comes from", one_of=words.SOURCES)] = "person"
    pass_to: Annotated[
        str,
        Key(
            "A processor that the data goes straight to; nothing of it is stored here",
            of="recipient",
            pattern=words.NAME,
            like='"payment-processor"',
        ),
    ] = ""

    @property
    def everything(self) -> tuple[str, ...]:
        """All elements and categories, asked for or not."""
        return self.required + self.optional + self.data


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient(Block):
    """A party that data may go to. A clause of its own is optional."""

    table: ClassVar[str] = "recipient"
    clause: Annotated[
        str, Key("The number of the clause", of="number", pattern=words.NUMBER, like='"7.3"')
    ] = ""
    key: Annotated[str, Unwritten] = ""
    name: Annotated[str, Key("Its name for people")]
    kind: Annotated[str, Key("What it is to the company", one_of=words.PARTIES)]
    country: Annotated[
        str, Key("ISO 3166 code of where it holds the data", pattern=words.COUNTRY, like='"US"')
    ] = ""
    safeguards: Annotated[
        tuple[str, ...], Key("What binds it to protect the data", one_of=words.SAFEGUARDS)
    ] = ()
    expires: Annotated[date | None, Key("The first day the safeguards no longer hold")] = None
    onward: Annotated[
        tuple[str, ...],
        Key(
            "Recipients it may pass the data on to",
            of="recipient",
            pattern=words.NAME,
            like='"payment-processor"',
        ),
    ] = ()
    contact: Annotated[
        str,
        Key(
            "The mail address where it is told of corrections and deletions; without one somebody "
            "tells it by hand",
            pattern=words.MAIL,
            like='"privacy@payments.example"',
        ),
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Block):
    """Data may go to recipients."""

    table: ClassVar[str] = "share"
    recipients: Annotated[
        tuple[str, ...],
        Key(
            "Who receives it",
            of="recipient",
            name="with",
            pattern=words.NAME,
            like='"payment-processor"',
        ),
    ]
    data: Data
    purposes: For
    choice: Annotated[str, Key("What the person is asked before", one_of=words.CHOICES)] = "none"
    window: Annotated[
        Period | None, Key("How long people have to refuse after being told", of="span")
    ] = None
    grounds: SharingGrounds = ()
    needs: SharingNeeds = ()
    aggregate: Annotated[
        int | None, Key("The smallest group; no personal data leaves", low=2, high=1_000_000)
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep(Block):
    """How long data is kept, and what happens then."""

    table: ClassVar[str] = "keep"
    data: Data
    at: Annotated[
        tuple[str, ...],
        Key(
            "Only data collected there",
            of="touchpoint",
            pattern=words.TOUCHPOINT,
            like='"forms.contact"',
        ),
    ] = ()
    purposes: For = ()
    period: Annotated[
        Period, Key("How long, and since when", of="period", like='"2 years after last contact"')
    ]
    then: Annotated[str, Key("What happens then", one_of=words.AFTERWARDS)] = "erase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Right(Block):
    """Something a person may ask for."""

    table: ClassVar[str] = "right"
    kind: Annotated[str, Key("What may be asked", one_of=words.RIGHTS)]
    within: Annotated[Period | None, Key("When it is answered at the latest", of="span")] = None
    by: Annotated[tuple[str, ...], Key("How it may be asked", one_of=words.WAYS)] = (
        "account",
        "form",
    )
    who: Annotated[
        str,
        Key(
            "Whose right it is: `everyone`, `EEA` or a country code",
            pattern=r"^(everyone|[A-Z]{2,3})$",
            like='"everyone"',
        ),
    ] = "everyone"
    escalate: Annotated[
        str,
        Key(
            "The recipient that takes up what stays unresolved, once the person agrees",
            of="recipient",
            pattern=words.NAME,
            like='"seal-programme"',
        ),
    ] = ""
    data: Data = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie(Block):
    """A cookie or a thing like it, such as a beacon."""

    table: ClassVar[str] = "cookie"
    name: Annotated[
        str, Key("Its name in the browser", pattern=r"^[!-:<-~]{1,64}$", like='"troth_visitor"')
    ]
    category: Annotated[str, Key("What it is for", one_of=words.COOKIES)]
    links_to_person: Annotated[
        bool, Key("Whether what it gathers is tied to the person once known")
    ] = False
    lasts: Annotated[str, Key("`session` or a span", pattern=words.LASTS, like='"1 year"')] = (
        "session"
    )
    owner: Annotated[
        str,
        Key(
            "The recipient that sets it, if not the company",
            of="recipient",
            pattern=words.NAME,
            like='"payment-processor"',
        ),
    ] = ""
    purposes: For = ()
    data: Data = ()

    @property
    def lifetime(self) -> Period | None:
        """How long it lasts; None for a session cookie."""
        return None if self.lasts == "session" else Period.parse(self.lasts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbid(Block):
    """What is never done, whatever other clauses say. An absent list means any."""

    table: ClassVar[str] = "forbid"
    act: Annotated[str, Key("The forbidden act", one_of=(*words.ACTS, "any"))]
    uses: Annotated[
        tuple[str, ...],
        Key(
            "fideslang data uses, each with all under it",
            of="use",
            pattern=words.DOTTED,
            like='"essential.service"',
        ),
    ] = ()
    data: Data = ()
    parties: Annotated[
        tuple[str, ...],
        Key(
            "Kinds or keys of recipients",
            of="party",
            name="with",
            pattern=words.NAME,
            like='"payment-processor"',
        ),
    ] = ()
    purposes: For = ()
    unless: Annotated[
        str, Key("`consent`: permitted to those who agreed before", one_of=("", "consent"))
    ] = ""
    exceptions: Annotated[
        tuple[str, ...],
        Key(
            "Clauses that this one does not touch",
            of="clause",
            name="except",
            pattern=words.NUMBER,
            like='"7.4"',
        ),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguard(Block):
    """What recipients of some kind must have before they receive anything."""

    table: ClassVar[str] = "safeguard"
    parties: Annotated[
        tuple[str, ...],
        Key(
            "Kinds or keys of recipients",
            of="party",
            name="with",
            pattern=words.NAME,
            like='"payment-processor"',
        ),
    ]
    one_of: Annotated[
        tuple[str, ...], Key("Safeguards of which at least one holds", one_of=words.SAFEGUARDS)
    ]
    as_strong: Annotated[
        bool,
        Key(
            "Whether an attestation has to be on file that the data is guarded as strongly as "
            "the company's own `level` of a [[secure]] clause",
            like="true",
        ),
    ] = False
    assures: Annotated[
        tuple[str, ...],
        Key("Assurances of which each has to be on file, in time", one_of=words.ASSURANCES),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitive(Block):
    """Data that asks for a stronger basis."""

    table: ClassVar[str] = "sensitive"
    data: Data
    basis: Annotated[
        str, Key("The weakest basis that will do", one_of=("opt-in", "explicit-opt-in"))
    ] = "explicit-opt-in"
    acts: Annotated[tuple[str, ...], Key("For which acts", one_of=words.ACTS)] = ("use", "share")


@dataclass(frozen=True, slots=True, kw_only=True)
class Age(Block):
    """Nobody younger is served."""

    table: ClassVar[str] = "age"
    minimum: Annotated[int, Key("Years of age", low=1, high=25, like="13")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Block):
    """Something other than a right that is done within a time."""

    table: ClassVar[str] = "deadline"
    of: Annotated[str, Key("What is clocked", pattern=words.NAME, like='"inquiry"')]
    within: Annotated[Period, Key("How long it may take", of="span", like='"5 business days"')]


@dataclass(frozen=True, slots=True, kw_only=True)
class Secure(Block):
    """A security promise the software can check."""

    table: ClassVar[str] = "secure"
    measures: Annotated[
        tuple[str, ...], Key("The measures promised", pattern=words.NAME, like='"tls"')
    ]
    level: Annotated[
        str, Key("How strongly the company guards data, all in all", one_of=words.LEVELS)
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(Block):
    """Who inside may see personal data, and on what ground."""

    table: ClassVar[str] = "access"
    who: Annotated[str, Key("Whose access", one_of=words.INSIDERS)]
    grounds: Grounds = ()
    needs: SeeingNeeds = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNotice(Block):
    """How people learn of a new version."""

    table: ClassVar[str] = "change"
    notify: Annotated[tuple[str, ...], Key("Where it is announced", one_of=words.PLACES)]
    window: Annotated[Period | None, Key("How long people have to refuse a new use", of="span")] = (
        None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope(Block):
    """What the policy is about, and what it is not."""

    table: ClassVar[str] = "scope"
    covers: Annotated[tuple[str, ...], Key("What it covers", like='"this web site"')] = ()
    excludes: Annotated[tuple[str, ...], Key("What it leaves out", like='"linked sites"')] = ()
    online_only: Annotated[
        bool, Key("Whether it leaves out what came in offline, which is then marked so")
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inform(Block):
    """A sentence with no machine effect, and marked as such."""

    table: ClassVar[str] = "inform"
    at: Annotated[
        tuple[str, ...],
        Key(
            "Touchpoints where it is shown too",
            of="place",
            pattern=words.TOUCHPOINT,
            like='"accounts.password"',
        ),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderate(Block):
    """What staff may review, hold back or remove."""

    table: ClassVar[str] = "moderate"
    what: Annotated[str, Key("What is reviewed", one_of=words.MODERATED)]
    grounds: Grounds = ()
