"""Taking one paper: held in memory until it is sealed, never on disk in clear."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from troth.core.cases.documents import MOST


class UploadDenied(StopUpload):
    """The file is larger than a paper may be, or it is not the one that was asked for."""


class TakeOnePaper(FileUploadHandler):
    """Takes the first file of the field ``document``, up to `MOST` bytes, and drains the rest."""

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name != "document" or hasattr(self, "content"):
            raise UploadDenied(connection_reset=False)
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > MOST:
            if self.request is not None:
                self.request.META["troth.document_too_large"] = True
            self.content = BytesIO()
            raise UploadDenied(connection_reset=False)
        self.content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.content.seek(0)
        name = self.file_name or "document"
        return InMemoryUploadedFile(self.content, "document", name, None, file_size, None)
