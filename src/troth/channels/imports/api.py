"""What other parts may use of imports."""

from __future__ import annotations

from troth.channels.imports.keeping import Keeper

__all__ = ["Keeper"]
