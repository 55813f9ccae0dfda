"""Argon2 as the product uses it, with a hundredth of the memory: tests hash thousands of times.

Served installations keep the real parameters; that those are memory-hard is tested there.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 512
    parallelism = 1
