"""Taking the one file there may be: held in memory until it is sealed, never on disk in clear."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from troth.channels.imports.files.limits import SIZE


class UploadDenied(StopUpload):
    """The file is larger than a list may be, or it is not the one that was asked for."""


class TakeOneList(FileUploadHandler):
    """Takes the first file of the field ``list`` up to `SIZE` bytes, and drains what is more."""

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name != "list" or hasattr(self, "content"):
            raise UploadDenied(connection_reset=False)
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > SIZE:
            if self.request is not None:
                self.request.META["troth.list_too_large"] = True
            self.content = BytesIO()
            raise UploadDenied(connection_reset=False)
        self.content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.content.seek(0)
        # What it was called on somebody's machine says nothing that is needed.
        return InMemoryUploadedFile(self.content, "list", "list", None, file_size, None)
