"""The first version of each contract, for a company that publishes none of its own."""

from __future__ import annotations

from typing import Final

CLIENT: Final = """\
# Contract for clients

## What this is about

The provider runs the software and the machines on which the client serves its own customers.
What the client collects there is the client's. The client decides about it, by its own policy.

## Confidentiality

The provider tells nobody what it learns of the client or of the client's customers, and looks at
none of it. It sees how long the client's lists are. It sees a line of them only when an owner of
the client lets it, for a reason that is written down and for a limited time. This holds for
everybody who works for the provider, and goes on after the contract has ended.

## Changes

A new version of this contract counts for the client once an owner of the client accepts it.
"""

RESELLER: Final = """\
# Terms for resellers

## What this is about

The reseller sells the provider's service to clients of its own, and helps them.

## Confidentiality

The reseller tells nobody what it learns of its clients or of their customers. It sees its own
clients, and nobody else's. Of a client it sees how long the lists are. It sees a line of them only
when an owner of the client lets it, for a reason that is written down and for a limited time.
This goes on after these terms have ended.

## The policy

The reseller keeps to the privacy policy that the provider publishes, in the version in force.

## Changes

A new version of these terms counts for the reseller once an owner of it accepts them.
"""
