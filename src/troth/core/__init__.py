"""The reusable core: organisations, keys, sealing, ledger, people, gate, choices, staff."""

import django_stubs_ext

# Django's generic classes take their types in brackets at run time only after this.
django_stubs_ext.monkeypatch()
