"""Django's settings, derived from the desk's own (`tenir.install.settings`): nothing to edit here.

Rooms read the desk's settings as Django's: `django.conf.settings.HOLD_SECONDS`.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Field

from tenir.install import settings as _desk_settings
from tenir.install.kinds import Database

# Models say what a field holds (`JSONField[...]`) for the type checker; Django itself only lets ForeignKey be
# written so, and would raise at import.
Field.__class_getitem__ = classmethod(lambda cls, *_types: cls)  # type: ignore[attr-defined]

_desk = _desk_settings.current()
_source = Path(__file__).resolve().parents[1]
_address = urlsplit(_desk.base_url)

# --- What rooms read -------------------------------------------------------------------------------------------

DATA_DIR = _desk.data_dir
FILES_DIR = _desk.data_dir / "files"
BASE_URL = _desk.base_url
DEFAULT_LANGUAGE = _desk.default_language
MAX_ATTACHMENT_MB = _desk.max_attachment_mb
MAX_MAIL_MB = _desk.max_mail_mb
HOLD_SECONDS = _desk.hold_seconds
INBOUND_RATE = _desk.inbound_rate
CUSTOMER_LINK_DAYS = _desk.customer_link_days
PROMISE_LETTERS = _desk.promise_letters
DEMO = _desk.demo
TRUSTED_PROXIES = _desk.trusted_proxies

# --- The rooms -------------------------------------------------------------------------------------------------


ROOMS = [
    "tenir.ledger",
    "tenir.outbox",
    "tenir.people",
    "tenir.customers",
    "tenir.cases",
    "tenir.promises",
    "tenir.reviews",
    "tenir.problems",
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
    *ROOMS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tenir.web.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenir.web.middleware.OwnLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before those of the applications: our pages take the place of allauth's.
        "DIRS": [str(_source / "web" / "templates")],
        "OPTIONS": {
            "loaders": [
                (
                    "tenir.web.folding.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tenir.web.shell.around",
            ],
        },
    },
]

ROOT_URLCONF = "tenir.web.urls"
WSGI_APPLICATION = "tenir.install.asgi.django"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- The database ----------------------------------------------------------------------------------------------

# Written for every new connection. WAL: readers and the writer do not wait for one another. FULL: a commit that
# was acknowledged survives a power cut. The cache is 32 MiB a connection, the map lets reads skip a copy.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-32768; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
)


def _sqlite(place: Database) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(place.path or _desk.data_dir / "tenir.sqlite3"),
        # Kept for the life of its thread: opening one again costs more than most queries.
        "CONN_MAX_AGE": None,
        # IMMEDIATE takes the write lock at BEGIN: a transaction that reads first can then never be refused
        # with "database is locked" at its first write, which no waiting time would cure.
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
    }


def _postgresql(place: Database) -> dict[str, Any]:
    options: dict[str, Any] = {"application_name": "tenir"}
    if _desk.database_pool:
        options["pool"] = {"min_size": 1, "max_size": _desk.database_pool, "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": place.name,
        "USER": place.user,
        "PASSWORD": place.password,
        "HOST": place.host,
        "PORT": place.port,
        # A pool keeps the connections itself, and Django refuses both at once.
        "CONN_MAX_AGE": 0 if _desk.database_pool else 600,
        "CONN_HEALTH_CHECKS": not _desk.database_pool,
        "OPTIONS": options,
    }


_on_sqlite = _desk.database.engine == "sqlite"
DATABASES = {"default": (_sqlite if _on_sqlite else _postgresql)(_desk.database)}

# The limits on sign-in attempts are counted here. On SQLite one process serves the pages and its memory is enough;
# on PostgreSQL there may be several, which must count together.
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if _on_sqlite
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "tenir_cache"}
}

# --- Who comes in ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.Agent"
AUTHENTICATION_BACKENDS = [
    "tenir.web.signin.keeping.ByPassword",
    "tenir.web.signin.keeping.ByAccount",
]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # addresses are unique, whatever their capitals: people_one_email
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("email", "given_name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation is sent to the address, which verifies it
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _address.scheme
ACCOUNT_ADAPTER = "tenir.web.signin.adapter.Door"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letter goes to an address that a stranger types
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
SOCIALACCOUNT_ADAPTER = "tenir.web.signin.adapter.OpenIdDoor"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # the provider's verified address says who of the invited comes
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
MFA_ADAPTER = "tenir.web.signin.adapter.SecondFactor"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # see above: the invitation verified it
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tenir"
MFA_TOTP_TOLERANCE = 1  # a code is good for one step of thirty seconds more, for slow fingers (RFC 6238 5.2)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _desk.secure
# Following every click would write to the database at every page, and would be a record of somebody's day.
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": _desk.oidc_name,
                "client_id": _desk.oidc_client_id,
                "secret": _desk.oidc_client_secret,
                "settings": {"server_url": _desk.oidc_issuer},
            }
        ]
        if _desk.oidc_name
        else [],
    }
}

# In the database and not in a cache: a session that was revoked is over at once, in every process.
SESSION_ENGINE = "tenir.web.signin.keeping"
SECRET_KEY = _desk_settings.secret_key(_desk)

# --- The web ---------------------------------------------------------------------------------------------------

DEBUG = False
ALLOWED_HOSTS = [_address.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]
SESSION_COOKIE_SECURE = _desk.secure
CSRF_COOKIE_SECURE = _desk.secure
LANGUAGE_COOKIE_SECURE = _desk.secure
SESSION_COOKIE_NAME = "__Host-session" if _desk.secure else "tenir_session"
CSRF_COOKIE_NAME = "__Host-csrf" if _desk.secure else "tenir_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tenir.web.errors.forbidden"
LANGUAGE_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if _desk.secure else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_PERMISSIONS = 0o600

STATIC_URL = "/static/"
STATIC_ROOT = _desk.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tenir.web.statics.NamedByContent"},
}
MEDIA_ROOT = FILES_DIR
WHITENOISE_MAX_AGE = 3600

# --- Languages and time ----------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = _desk.time_zone
USE_I18N = True
LANGUAGE_CODE = _desk.default_language
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = sorted(str(folder) for folder in _source.glob("**/locale") if folder.is_dir())

LOGGING_CONFIG = None  # tenir.install.logs does it, for Django and for everything else alike
