"""Files of a reply: a few, of a size the desk allows, kept in memory and never on the disk."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MOST: Final = 5
REFUSED: Final = "troth.files_refused"


class TakeFiles(FileUploadHandler):
    """Takes up to `MOST` files of up to `limit` bytes; at the first that is more, it takes none."""

    def __init__(self, request: Any, limit: int) -> None:
        super().__init__(request)
        self.limit, self.taken = limit, 0
        self.kept = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken += 1
        if self.taken > MOST:
            self._stop("many")
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.kept.tell() + len(raw_data) > self.limit:
            self._stop("large")
        self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name or "file", None, file_size, None
        )

    def _stop(self, why: str) -> None:
        if self.request is not None:
            self.request.META[REFUSED] = why
        raise StopUpload(connection_reset=False)
