"""Django's settings, derived from the desk's own (`tenir.install.settings`): nothing to edit here.

Rooms read the desk's settings as `django.conf.settings.TENIR.hold_seconds`.
"""

import importlib.util
from pathlib import Path
from typing import Any

from django.db.models import Field

from tenir.install import settings as desk

TENIR = desk.current()

# Models say what a field holds (`JSONField[...]`) for the type checker; Django itself only lets ForeignKey be
# written so, and would raise at import.
Field.__class_getitem__ = classmethod(lambda cls, *_types: cls)  # type: ignore[attr-defined]

_SOURCE = Path(__file__).resolve().parents[1]


def _present(room: str) -> bool:
    spec = importlib.util.find_spec(room) if _SOURCE.joinpath(*room.split(".")[1:]).is_dir() else None
    return spec is not None and spec.origin is not None


ROOMS = [
    "tenir.ledger",
    "tenir.outbox",
    "tenir.people",
    "tenir.customers",
    "tenir.cases",
    "tenir.channels.email",
    "tenir.channels.form",
    "tenir.live",
    "tenir.web",
    "tenir.install",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    *(room for room in ROOMS if _present(room)),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

SECRET_KEY = desk.secret_key(TENIR)
DEBUG = False
ALLOWED_HOSTS = ["*"]

AUTH_USER_MODEL = "people.Agent" if (_SOURCE / "people" / "models.py").exists() else "auth.User"
ROOT_URLCONF = "tenir.web.urls"
WSGI_APPLICATION = "tenir.install.asgi.django"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Written for every new connection. WAL: readers and the writer do not wait for one another. FULL: a commit that was
# acknowledged survives a power cut. The cache is 32 MiB a connection, the map lets reads skip a copy.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-32768; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
)


def _sqlite(place: desk.kinds.Database) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(place.path or TENIR.data_dir / "tenir.sqlite3"),
        # IMMEDIATE takes the write lock at BEGIN: a transaction that reads first can then never be refused with
        # "database is locked" at its first write, which no waiting time would cure.
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
    }


def _postgresql(place: desk.kinds.Database) -> dict[str, Any]:
    options: dict[str, Any] = {"application_name": "tenir"}
    if TENIR.database_pool:
        options["pool"] = {"min_size": 1, "max_size": TENIR.database_pool, "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": place.name,
        "USER": place.user,
        "PASSWORD": place.password,
        "HOST": place.host,
        "PORT": place.port,
        "CONN_MAX_AGE": 0 if TENIR.database_pool else 600,
        "CONN_HEALTH_CHECKS": not TENIR.database_pool,
        "OPTIONS": options,
    }


DATABASES = {"default": (_sqlite if TENIR.database.engine == "sqlite" else _postgresql)(TENIR.database)}

USE_TZ = True
TIME_ZONE = TENIR.time_zone
USE_I18N = True
LANGUAGE_CODE = TENIR.default_language
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = sorted(str(folder) for folder in _SOURCE.glob("**/locale") if folder.is_dir())

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
STATIC_URL = "/static/"
