"""The closed lists of words the software acts on, and the forms of keys and numbers."""

from __future__ import annotations

BASES = ("essential", "opt-out", "opt-in", "explicit-opt-in", "prohibited")
CHOICES = ("none", "opt-out", "opt-in", "explicit-opt-in")
ASKED = ("opt-in", "explicit-opt-in")
"""What counts as consent: the person said yes before."""

STRENGTH = {"none": 0, "essential": 0, "opt-out": 1, "opt-in": 2, "explicit-opt-in": 3}
"""How much a basis or a choice asks of the company, so that the stronger of two can be taken."""

ACTS = ("collect", "use", "share")
CHANNELS = ("email", "post", "phone")
SOURCES = ("person", "browser", "company", "third-party")
PARTIES = (
    "processor",
    "agent",
    "partner",
    "affiliate",
    "reseller",
    "authority",
    "successor",
    "addressee",
    "public",
    "third-party",
)
BOUND = ("processor", "agent", "partner", "affiliate", "reseller", "third-party")
"""Kinds of recipient that may receive data only under a safeguard."""

SAFEGUARDS = (
    "dpa",
    "scc",
    "adequacy",
    "framework",
    "eu-directive",
    "written-agreement",
    "security-attestation",
    "bound-by-policy",
)
TRANSFER = ("scc", "adequacy", "framework", "eu-directive", "written-agreement")
"""Safeguards that speak of data leaving the country."""

LEVELS = ("basic", "sound", "strict")
"""How strongly data is guarded, the weakest first; docs/policy-format.md says what each means."""

ASSURANCES = ("own-purpose", "framework", "tells-inability")
"""What a recipient may have to assure: it uses the data only for the company, it is a member of the
data privacy framework, it tells when it can no longer protect the data."""

GROUNDS = (
    # A court or an authority
    *("court-order", "subpoena", "warrant", "interception-order", "legal-process", "legal-duty"),
    *("government-investigation", "police-request", "public-safety"),
    # Harm, and who has to be found for it
    *("rights", "property", "safety", "rights-protection", "identify", "contact", "legal-action"),
    *("good-faith-report", "inadvertent-crime", "legitimate-interests"),
    # A new owner
    *("sale", "merger", "acquisition", "dissolution", "change-of-ownership", "change-of-assets"),
    # The service itself
    "service-delivery",
)
"""Grounds on which a clause may let data go."""
NEEDS = (
    *("document", "authority", "scope", "validity-judgement", "end-date", "written-ground"),
    *("written-belief", "written-balance", "how-obtained", "notice-to-each-person"),
    "second-approver",
)
"""What a case has to have before data goes on a ground: each is something software can look for."""
INSIDE = (
    *("role", "purpose", "grant", "time-limit", "owner-notice", "accepted-terms"),
    *("confidentiality-undertaking", "session-consent", "view-only-unless-granted"),
    "note-on-case",
)
"""What has to be there before somebody inside sees data."""

AFTERWARDS = ("erase", "depersonalise", "lock")
RIGHTS = (
    "access",
    "portability",
    "correction",
    "deletion",
    "objection",
    "restriction",
    "withdrawal",
    "removal",
    "complaint",
    "question",
)
WAYS = ("account", "link", "form", "mail", "phone", "post")
COOKIES = ("necessary", "preferences", "analytics", "marketing")
PLACES = ("site", "home", "mail")
INSIDERS = ("staff", "host", "reseller")
MODERATED = ("campaigns", "community")

NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
NUMBER = r"^[0-9A-Za-z]+([.-][0-9A-Za-z]+)*$"
TOUCHPOINT = r"^[a-z][a-z0-9-]*\.[a-z0-9][a-z0-9-]*$"
REGISTER = r"^[a-z][a-z0-9]*-[0-9]{2,3}$"
DOTTED = r"^[a-z0-9_]+(\.[a-z0-9_]+)*(\.\*)?$"
DATA = r"^[a-z0-9]+([-_.][a-z0-9]+)*$"
MAIL = r"^[^@\s<>\",;:]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$"
WEB = r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\s<>\"]*)?$"
COLOUR = r"^#[0-9a-f]{6}$"
CALENDAR = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
COUNTRY = r"^[A-Z]{2}$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
LASTS = r"^(session|(0|[1-9][0-9]{0,5}) (hours?|days?|weeks?|months?|years?))$"
