"""The web application, for granian or any WSGI server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)  # SQLite makes files while it runs
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.hub.settings")
application = get_wsgi_application()
