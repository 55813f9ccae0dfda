"""The page of a fault under DEBUG: where it happened, without what anybody sent or was reading."""

from __future__ import annotations

from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter


class ValueFreeFilter(SafeExceptionReporterFilter):
    """No variables of frames, nothing that was posted, no cookies, no headers."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> ItemsView[str, Any]:
        return dict[str, Any]().items()

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:
        return {}

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        return {}


class ValueFreeReporter(ExceptionReporter):
    """As Django's, without the query and the names of files, which no filter is asked about."""

    def get_traceback_data(self) -> dict[str, Any]:
        path = self.request.path if self.request else ""
        shown = {"request_GET_items": (), "request_FILES_items": (), "request_insecure_uri": path}
        return super().get_traceback_data() | shown
