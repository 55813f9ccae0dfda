from __future__ import annotations

from django.apps import AppConfig


class HubConfig(AppConfig):
    name = "troth.hub"
    label = "hub"

    def ready(self) -> None:
        """Say of each library table that it holds ids and no values (invariant 3)."""
        from troth.core.sealing.declarations import declare  # noqa: PLC0415 - needs the registry
        from troth.hub import checks, connections, expiries  # noqa: F401, PLC0415
        from troth.hub.backup import acts  # noqa: F401, PLC0415 - registers ledger acts

        connections.connect()
        expiries.register()
        declare("contenttypes.ContentType", not_personal=("id", "app_label", "model"))
        declare("auth.Permission", not_personal=("id", "name", "content_type", "codename"))
        declare("auth.Group", not_personal=("id", "name"))
        declare("auth.Group_permissions", not_personal=("id", "group", "permission"))
        # A session holds the user's id and a signature; actions put nothing else there.
        declare("sessions.Session", not_personal=("session_key", "session_data", "expire_date"))
        declare(
            "django_tasks_database.DBTaskResult",
            not_personal=(
                *("id", "status", "enqueued_at", "started_at", "finished_at", "args_kwargs"),
                *("priority", "task_path", "queue_name", "backend_name", "run_after"),
                *("return_value", "exception_class_path", "traceback", "worker_ids"),
            ),
        )
