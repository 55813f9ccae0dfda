"""What other parts may use of conversations."""

from __future__ import annotations

__all__: list[str] = []
