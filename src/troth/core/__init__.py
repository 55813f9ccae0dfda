"""The reusable core: organisations, keys, sealing, ledger, people, gate, choices, staff."""
