"""django-helpdesk taking the same mails, in an environment of its own: HELPDESK_PYTHON names its
Python. Run as `python mail_desk.py DATABASE_URL SMTP_PORT COUNT`; prints what it took as JSON.

It is given each mail as text, as its own fetching does, makes the ticket and sends the
acknowledgement at once, over a connection a mail.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings

url, port, count = urlsplit(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
settings.configure(
    SECRET_KEY="bench",
    USE_TZ=True,
    INSTALLED_APPS=[
        *("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"),
        *("django.contrib.sites", "django.contrib.humanize", "django.contrib.admin"),
        *("django.contrib.messages", "rest_framework", "helpdesk"),
    ],
    SITE_ID=1,
    HELPDESK_TEAMS_MODE_ENABLED=False,
    HELPDESK_TEAMS_MODEL="auth.Group",
    HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[("auth", "0001_initial")],
    HELPDESK_KBITEM_TEAM_GETTER=lambda _: None,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": url.username,
            "PASSWORD": url.password,
            "HOST": unquote(url.hostname or ""),
            "PORT": url.port,
        }
    },
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=port,
    DEFAULT_FROM_EMAIL="support@company.example",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    ROOT_URLCONF=__name__,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.urls import include, path  # noqa: E402
from helpdesk.email import extract_email_metadata  # noqa: E402
from helpdesk.models import Queue, Ticket  # noqa: E402

sys.path.append(str(Path(__file__).parents[1]))
from mails import mail  # noqa: E402

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
call_command("migrate", verbosity=0)
call_command("loaddata", "emailtemplate.json", verbosity=0)
queue = Queue.objects.create(
    title="Support",
    slug="support",
    allow_email_submission=True,
    email_address="support@company.example",
    new_ticket_cc="",
)
logger = logging.getLogger("bench")
for number in range(20):
    extract_email_metadata(mail(number, "support@company.example").decode(), queue, logger)
started, cpu = time.perf_counter(), time.process_time()
for number in range(20, 20 + count):
    extract_email_metadata(mail(number, "support@company.example").decode(), queue, logger)
took = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu}
assert Ticket.objects.count() == 20 + count
print(json.dumps(took | {"tickets": count}))
