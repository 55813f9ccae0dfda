"""Organisations: the controllers on this installation, and the wall between them."""

import django_stubs_ext

# Django's generic classes take their types in brackets at run time only after this. It stands here,
# in the app all others rest on, because the ledger's offline part has to work without Django.
django_stubs_ext.monkeypatch()
