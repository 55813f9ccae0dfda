"""Django settings of the hub. What differs between installations comes from `troth.hub.home`."""

from __future__ import annotations

from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from troth.hub.home import Home

HOME = Home.current()
DEMO = HOME.flag("demo") and HOME.is_demo  # a flag alone shows nobody's mail
DEBUG = HOME.flag("debug")
DEFAULT_EXCEPTION_REPORTER = "troth.hub.faults.ValueFreeReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "troth.hub.faults.ValueFreeFilter"
SECRET_KEY = HOME.secret_key()
SECRET_KEY_FALLBACKS = HOME.option("secret_key_fallbacks").split()
ALLOWED_HOSTS = HOME.option("hosts", "127.0.0.1 localhost .localhost [::1] testserver").split()

INSTALLED_APPS = [
    "troth.core.organisations",
    "troth.core.keyring",
    "troth.core.sealing",
    "troth.core.ledger",
    "troth.core.notices",
    "troth.core.people",
    "troth.core.recipients",
    "troth.core.gate",
    "troth.core.choices",
    "troth.core.rights",
    "troth.core.retention",
    "troth.core.connect",
    "troth.core.staff",
    "troth.core.clients",
    "troth.core.cases",
    "troth.core.assess",
    "troth.kit",
    "troth.kit.outbox",
    "troth.kit.throttle",
    "troth.channels.cookies",
    "troth.channels.accounts",
    "troth.channels.forms",
    "troth.channels.notices",
    "troth.channels.recipients",
    "troth.channels.imports",
    "troth.channels.campaigns",
    "troth.channels.referral",
    "troth.channels.rights",
    "troth.channels.agents",
    "troth.channels.conversations",
    "troth.channels.surveys",
    "troth.channels.billing",
    "troth.channels.community",
    "troth.channels.cases",
    "troth.channels.domains",
    "troth.channels.remote",
    "troth.channels.web",
    "troth.hub",
    "troth.hub.public",
    "troth.hub.console",
    "troth.hub.demo",
    "troth.hub.assessing",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "troth.channels.cookies.middleware.cookie_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "troth.hub.content_security.ContentSecurityMiddleware",
    "troth.hub.gpc.gpc_middleware",
    "troth.hub.middleware.organisation_middleware",
    "troth.hub.request_log.request_log_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "troth.channels.accounts.middleware.sign_in_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "troth.channels.web.joining.visitor_middleware",
    "troth.channels.web.log.log_middleware",
    "troth.hub.public.leaving.leaving_middleware",
    "troth.hub.public.arriving.arriving_middleware",
    "troth.hub.middleware.refusal_middleware",
    "troth.hub.permissions.PermissionMiddleware",
]

ROOT_URLCONF = "troth.hub.urls"
WSGI_APPLICATION = "troth.hub.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "troth.hub.context.site",
                "troth.hub.console.context.console",
            ],
            "builtins": ["troth.kit.templatetags.kit"],
        },
    },
]


def _database(alias: str) -> dict[str, Any]:
    found: dict[str, Any] = dict(dj_database_url.parse(HOME.database_url(alias)))
    if "sqlite" in found["ENGINE"]:
        # IMMEDIATE avoids the deadlock of two readers that both want to write; FULL, because the
        # ledger and the keys live here and an acknowledged act must survive a power cut.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
            "PRAGMA secure_delete=ON;PRAGMA temp_store=MEMORY;",
        }
        found["CONN_MAX_AGE"] = None
    else:
        found["CONN_MAX_AGE"] = 60
        found["CONN_HEALTH_CHECKS"] = True
        found["OPTIONS"] = {"prepare_threshold": 0}
    return found


DATABASES = {"default": _database("default"), "keyring": _database("keyring")}
DATABASE_ROUTERS = ["troth.core.keyring.router.KeyringRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["troth.channels.accounts.backends.SealedAddressBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:home"

SESSION_COOKIE_NAME = "troth_session"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "troth_csrf"
# Not in a cookie of their own, which no policy would know.
MESSAGE_STORAGE = "troth.hub.toasts.QuietStorage"
CSRF_FAILURE_VIEW = "troth.hub.errors.csrf_failure"
# Seconds that every answer takes which must not tell whether an address is known.
SAME_TIME = 0.3
SECURE = HOME.flag("secure", default=not (DEMO or DEBUG))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
# The checkout answers for itself: sent over an open line, it is refused instead of sent on.
SECURE_REDIRECT_EXEMPT = [r"^shop/[^/]+/order$", r"^orders/[^/]+/pay$"]
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
# Browsers' preload list is for the owner of a whole domain to ask for.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HOME.flag("behind_proxy") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = None  # WhiteNoise serves straight from the packages; nothing is collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
FILE_UPLOAD_HANDLERS = ["troth.hub.uploads.RefuseUploads"]

EMAIL_HOST = HOME.option("smtp_host", "127.0.0.1")
EMAIL_PORT = int(HOME.option("smtp_port", "1025"))
EMAIL_HOST_USER = HOME.option("smtp_user")
EMAIL_HOST_PASSWORD = HOME.option("smtp_password")
EMAIL_USE_TLS = HOME.flag("smtp_tls")
EMAIL_TIMEOUT = 20
ANYMAIL = HOME.options.get("anymail", {})  # secrets of mail providers' webhooks
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "troth.hub.logs.ValueFreeFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own handlers would mail or print whole requests; ours prints no value.
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
