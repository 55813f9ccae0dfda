"""The core's door for projects built on it: what they need, by name, and stable.

Import it where Django's apps are loaded (models, views, tasks, `ready()`), not in settings.
`tests/alone` is a project that uses nothing else of Troth.
"""

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.choices.switches import switches
from troth.core.errors import Denied, Invalid, Missing, Refusal
from troth.core.gate.audiences import audience
from troth.core.gate.collecting import Collecting, collect
from troth.core.gate.denials import UseDenied
from troth.core.gate.erasing import object_to_erasures, on_erase
from troth.core.gate.merging import merge, object_to_merges, unmerge
from troth.core.gate.uses import own, search, use, use_many
from troth.core.gate.why import Answer, why
from troth.core.ids import opaque_ref, row_id
from troth.core.keyring.opening import NoOpenUseDenied
from troth.core.ledger.api import record, register, sequence, timeline, verify
from troth.core.notices.publish import publish
from troth.core.notices.versions import PolicyMissing, current
from troth.core.organisations.models import Organisation
from troth.core.organisations.rls import EnableRowSecurity
from troth.core.organisations.scope import ScopeMissing, everywhere, scope
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.core.rights import api as rights
from troth.core.sealing.declarations import declare
from troth.core.sealing.fields import BlindIndexField, SealedJSONField, SealedTextField

__all__ = [
    "Actor",
    "Answer",
    "BlindIndexField",
    "Collecting",
    "Denied",
    "Element",
    "EnableRowSecurity",
    "Given",
    "Invalid",
    "Missing",
    "NoOpenUseDenied",
    "Organisation",
    "Person",
    "PolicyMissing",
    "Refusal",
    "ScopeMissing",
    "Scoped",
    "SealedJSONField",
    "SealedTextField",
    "UseDenied",
    "action",
    "audience",
    "choose",
    "collect",
    "current",
    "declare",
    "everywhere",
    "merge",
    "object_to_erasures",
    "object_to_merges",
    "on_erase",
    "opaque_ref",
    "own",
    "publish",
    "record",
    "refuse_solicitation",
    "register",
    "rights",
    "row_id",
    "scope",
    "search",
    "sequence",
    "switches",
    "timeline",
    "unmerge",
    "use",
    "use_many",
    "verify",
    "why",
]
