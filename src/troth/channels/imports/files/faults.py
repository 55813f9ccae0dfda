"""Why a file is refused as a whole, in words for whoever brought it."""

from __future__ import annotations

from typing import Final

from troth.core.errors import Invalid

FAULTS: Final = {
    "empty": ("The file is empty.", "Take the list out of its program again, and look into it."),
    "header": ("There is only a header.", "The people stand below it, one a row."),
    "old": ("This is the XLS format of 2003 and before.", "Save the list as XLSX or CSV."),
    "zip": ("The file is no XLSX file, or it is damaged.", "Save the list again."),
    "bomb": (
        "Unpacked, the file is larger than 200 MB.",
        "Save the list without pictures and formats, as CSV, or in parts.",
    ),
    "xml": ("The workbook holds what no list needs.", "Save the list as CSV."),
    "encoding": (
        "The letters of the file cannot be told.",
        "Save the list as “CSV UTF-8” or as XLSX.",
    ),
    "quote": (
        "A cell in quotation marks does not end where it should.",
        "Look at this line and the one before, or save the list as XLSX.",
    ),
    "cell": (
        "A cell is longer than 100,000 characters.",
        "Perhaps a quotation mark is missing. Look at this line and those before.",
    ),
    "columns": ("There are more than 200 columns.", "Take out those that are not needed."),
    "rows": ("There are more than 500,000 rows.", "Bring the list in parts."),
    "policy": (
        "The policy changed, and its clause no longer fits what was chosen.",
        "Upload the list again and look what it may hold now.",
    ),
    "fault": (
        "It failed several times, through no fault of the list.",
        "What came in before stays. Ask whoever runs this installation, then upload it again.",
    ),
}


class FileInvalid(Invalid):
    """The file is no list that can be read. `line` is where, if that is known."""

    def __init__(self, fault: str, line: int | None = None) -> None:
        what, do = FAULTS[fault]
        super().__init__(what, do=do)
        self.fault, self.line = fault, line
