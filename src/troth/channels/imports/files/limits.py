"""How much a list may be. The upload page says so."""

from __future__ import annotations

from typing import Final

SIZE: Final = 50 * 1024 * 1024
"""Bytes of the file."""

ROWS: Final = 500_000
COLUMNS: Final = 200

CELL: Final = 100_000
"""Characters of one cell."""

UNPACKED: Final = 200 * 1024 * 1024
"""Bytes of an XLSX file, which is a zip archive, when unpacked."""

WORDS: Final = 60 * 1024 * 1024
"""Bytes of its table of texts, which has to be held in memory."""

PART: Final = 10 * 1024 * 1024
"""Bytes of any other part than sheets and that table, since those are read as a whole."""

MEMBERS: Final = 2_000
