"""The ledger: every act with personal data, in an order nobody can change unseen.

`api` is the door. `tree`, `proofs`, `notes`, `canonical` and `receipts` know no Django, so that a
receipt can be checked with nothing but a public key.
"""
