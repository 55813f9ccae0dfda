"""What a policy says is done under a purpose, as the process of a consent record (DPV terms)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from troth.core.choices import vocabulary as words
from troth.core.choices.browsers import COOKIES
from troth.core.gate.above import kept_from, reached
from troth.core.gate.manners import recipient
from troth.core.gate.models import Stance
from troth.core.gate.permits import solicits
from troth.core.notices.versions import Published
from troth.core.organisations.models import Organisation
from troth.policy import Rules, taxonomy
from troth.policy.blocks import Cookie, Purpose, Recipient, Share

Json = dict[str, Any]


def controller(published: Published, organisation: Organisation) -> Json:
    """Who decides: name, address, contact."""
    company = published.policy.company
    found: Json = {
        "@id": f"urn:uuid:{UUID(hex=organisation.ref)}",
        "@type": ["dpv:LegalEntity", "dpv:DataController"],
        "dct:identifier": organisation.ref,
        "dpv:hasName": company.name,
        "dpv:hasContact": f"mailto:{company.privacy_contact}",
    }
    places = sorted(company.address, key=lambda place: place.region != "*")
    if places:
        found["dpv:hasAddress"] = ", ".join(places[0].lines)
    if company.website:
        found["schema:url"] = company.website
    return found


def jurisdiction(published: Published) -> Json:
    """The country of the company, if the policy tells it."""
    country = published.policy.company.country
    return {"dpv:hasJurisdiction": f"loc:{country}"} if country else {}


def process(published: Published, purpose: str, manner: str) -> Json:
    """The processing that a choice is about; of the mark against solicitation, all of that."""
    if purpose == COOKIES:
        return _cookies(published, manner)
    purposes = _purposes(published, purpose)
    keys = {one.key for one in purposes}
    shares = list(_shares(published, keys, manner))
    collects = [block for block in published.policy.collects if keys & set(block.purposes)]
    data = sorted({published.policy.category(name) for one in collects for name in one.everything})
    found: Json = {
        "@type": "dpv:Process",
        "dpv:hasPurpose": [_purpose(one) for one in purposes],
        "dpv:hasLegalBasis": basis(published, purpose, manner),
        "dpv:hasPersonalData": [_category(one) for one in data],
        "dpv:hasProcessing": ["dpv:Collect", "dpv:Store", "dpv:Use"],
        "dpv:hasDataSource": sorted({words.SOURCES[one.source] for one in collects}),
        "dpv:hasRecipient": [_recipient(party, share) for party, share in shares],
        "dpv:hasStorageCondition": list(_storage(published, purposes, data, shares)),
    }
    if shares:
        found["dpv:hasProcessing"].append("dpv:Disclose")
    if manner:
        found["troth:manner"] = manner
    return found


def _cookies(published: Published, category: str) -> Json:
    """The cookies of a category: what for, what they hold, who else sets them, how long."""
    cookies = [one for one in published.policy.cookies if one.category == category]
    keys = sorted({key for one in cookies for key in one.purposes})
    data = sorted({published.policy.category(name) for one in cookies for name in one.data})
    owners = {one.owner: one for one in cookies if one.owner}
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": [_purpose(published.rules.purposes[key]) for key in keys],
        "dpv:hasLegalBasis": basis(published, COOKIES, category),
        "dpv:hasPersonalData": [_category(one) for one in data],
        "dpv:hasProcessing": ["dpv:Collect", "dpv:Store", "dpv:Use"],
        "dpv:hasDataSource": [words.SOURCES["browser"]],
        "dpv:hasRecipient": [
            _recipient(published.rules.recipients[key], one) for key, one in owners.items()
        ],
        "dpv:hasStorageCondition": [
            {
                "@type": "dpv:StorageDuration",
                "dct:description": f"{one.name}: {one.lasts}",
                "troth:clause": one.clause,
            }
            for one in cookies
        ],
        "troth:manner": category,
    }


def basis(published: Published, purpose: str, manner: str) -> str:
    """On what the processing rests. For giving data to a recipient that is what the share asks."""
    found = published.rules.purposes.get(purpose)
    asked = found.basis if found else "opt-in" if purpose == COOKIES else "opt-out"
    for party, share in _shares(published, {purpose}, manner):
        if manner == recipient(party.key):
            asked = share.choice
    return words.BASES.get(asked, "dpv:LegalBasis")


def rights(published: Published, url: str) -> list[Json]:
    """What the person may ask for, under which clause, and where."""
    contact = f"mailto:{published.policy.company.privacy_contact}"
    found = []
    for right in published.rules.rights:
        clause = published.policy.clause(right.clause)
        found.append(
            {
                "@type": "dpv:DataSubjectRight",
                "dct:title": right.kind,
                "dct:description": clause.text.strip() if clause else "",
                "dpv:isExercisedAt": url,
                "dpv:hasContact": contact,
                "troth:clause": right.clause,
            }
        )
    return found


def _purposes(published: Published, purpose: str) -> list[Purpose]:
    rules = published.rules
    if purpose == Stance.SOLICITATION:
        return [one for key, one in rules.purposes.items() if solicits(key, rules)]
    if purpose == Stance.COLLECTION:
        return [rules.purposes[key] for key in reached(purpose, rules)]
    if purpose == Stance.ONWARD:
        kept = (share for share in rules.policy.shares if any(_stops(share, rules)))
        keys = {key for share in kept for key in share.purposes}
        return [one for key, one in rules.purposes.items() if key in keys]
    return [rules.purposes[purpose]] if purpose in rules.purposes else []


def _stops(share: Share, rules: Rules) -> Iterator[bool]:
    """For each way of a clause of disclosure: whether the mark against giving stops it."""
    for purpose in share.purposes:
        yield from (kept_from(purpose, to, rules, share.choice) for to in share.recipients)


def _purpose(found: Purpose) -> Json:
    return {
        "@type": ["dpv:Purpose", words.closest(words.PURPOSES, found.use, "dpv:Purpose")],
        "dct:identifier": found.key,
        "dct:title": found.label,
        "dct:description": found.text.strip(),
        "troth:dataUse": found.use,
        "troth:clause": found.clause,
    }


def _category(key: str) -> Json:
    return {
        "@type": ["dpv:PersonalData", words.closest(words.CATEGORIES, key, "dpv:PersonalData")],
        "dct:identifier": key,
        "dct:title": taxonomy.label(key),
    }


def _shares(
    published: Published, purposes: set[str], manner: str
) -> Iterator[tuple[Recipient, Share]]:
    """Who receives data of these purposes; of a choice about one recipient, that one."""
    about_one = manner.startswith(recipient(""))
    for share in published.policy.shares:
        if purposes & set(share.purposes) and not share.aggregate:
            for key in share.recipients:
                if not about_one or manner == recipient(key):
                    yield published.rules.recipients[key], share


def _recipient(party: Recipient, share: Share | Cookie) -> Json:
    found: Json = {
        "@type": ["dpv:Recipient", words.PARTIES.get(party.kind, "dpv:ThirdParty")],
        "dct:identifier": party.key,
        "dpv:hasName": party.name,
        "troth:kind": party.kind,
        "troth:clause": share.clause,
    }
    if party.country:
        found["dpv:hasCountry"] = f"loc:{party.country}"
    if party.safeguards:
        found["dpv:hasLegalMeasure"] = [
            {"@type": "dpv:LegalMeasure", "dct:title": name} for name in party.safeguards
        ]
    return found


def _storage(
    published: Published,
    purposes: list[Purpose],
    data: list[str],
    shares: list[tuple[Recipient, Share]],
) -> Iterator[Json]:
    """How long, and in which countries: the company's own and those of who receives."""
    keeps = {
        keep.clause: keep
        for one in purposes
        for category in data
        if (keep := published.rules.keep(category, purpose=one.key))
    }
    for clause, keep in keeps.items():
        yield {
            "@type": "dpv:StorageDuration",
            "dpv:hasDuration": words.duration(keep.period),
            "dct:description": f"{keep.period}, then {keep.then}",
            "troth:clause": clause,
        }
    own = published.policy.company.country
    countries = sorted({own, *(party.country for party, _ in shares)} - {""})
    if countries:
        yield {
            "@type": "dpv:StorageLocation",
            "dpv:hasLocation": [f"loc:{country}" for country in countries],
        }
