"""The settings: every one is read from the environment here, and documented in docs/manual/settings.md."""

import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pysqlite3
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from plumbline.config import sign_in
from plumbline.config.environment import database, path, secret, switch, text, whole, words
from plumbline.config.registers import REGISTERS
from plumbline.config.sign_in import (  # noqa: F401 Django reads them from here
    ACCOUNT_ADAPTER,
    ACCOUNT_EMAIL_NOTIFICATIONS,
    ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS,
    ACCOUNT_EMAIL_VERIFICATION,
    ACCOUNT_LOGIN_METHODS,
    ACCOUNT_LOGOUT_ON_GET,
    ACCOUNT_PREVENT_ENUMERATION,
    ACCOUNT_RATE_LIMITS,
    ACCOUNT_SESSION_REMEMBER,
    ACCOUNT_SIGNUP_FIELDS,
    ACCOUNT_USER_MODEL_USERNAME_FIELD,
    AXES_CLIENT_IP_CALLABLE,
    AXES_COOLOFF_TIME,
    AXES_DISABLE_ACCESS_LOG,
    AXES_FAILURE_LIMIT,
    AXES_LOCKOUT_CALLABLE,
    AXES_LOCKOUT_PARAMETERS,
    AXES_RESET_ON_SUCCESS,
    AXES_USERNAME_CALLABLE,
    AXES_VERBOSE,
    BEHIND_PROXY,
    LOGIN_REDIRECT_URL,
    LOGIN_URL,
    MFA_ADAPTER,
    MFA_ALLOW_UNVERIFIED_EMAIL,
    MFA_FORMS,
    MFA_PASSKEY_LOGIN_ENABLED,
    MFA_SUPPORTED_TYPES,
    MFA_TOTP_ISSUER,
    MFA_TOTP_TOLERANCE,
    MFA_WEBAUTHN_USER_VERIFICATION,
    PLUMBLINE_PROVIDERS,
    SOCIALACCOUNT_ADAPTER,
    SOCIALACCOUNT_PROVIDERS,
    SOCIALACCOUNT_STORE_TOKENS,
)  # fmt: skip

# The standard library's SQLite may be older than 3.51.3 and can then corrupt a WAL database.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


PLUMBLINE_DATA = path("PLUMBLINE_DATA", "var")
PLUMBLINE_KEYS = path("PLUMBLINE_KEYS", PLUMBLINE_DATA / "keys")
PLUMBLINE_HEADS = path("PLUMBLINE_HEADS", PLUMBLINE_DATA / "heads.jsonl")
PLUMBLINE_FILES = path("PLUMBLINE_FILES", PLUMBLINE_DATA / "files")
PLUMBLINE_ORIGIN = text("PLUMBLINE_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
PLUMBLINE_MAX_UPLOAD = whole("PLUMBLINE_MAX_UPLOAD", 200 * 1024 * 1024)  # bytes
PLUMBLINE_WEBHOOK_INNER = words("PLUMBLINE_WEBHOOK_INNER")  # inner networks that webhooks may reach
PLUMBLINE_API_RATE = whole("PLUMBLINE_API_RATE", 600)  # requests a minute for each token
PLUMBLINE_LOOPBACK = switch("PLUMBLINE_LOOPBACK")  # said by `plumb serve` on loopback; otherwise demo accounts sleep


_owner_url = text("PLUMBLINE_DATABASE_OWNER_URL")
_as_owner = switch("PLUMBLINE_AS_OWNER") and bool(_owner_url)
_database_url = _owner_url if _as_owner else text("PLUMBLINE_DATABASE_URL")
DATABASES = {"default": database(_database_url, PLUMBLINE_DATA)}
PLUMBLINE_DATABASE_ROLE = urlsplit(text("PLUMBLINE_DATABASE_URL")).username if _owner_url else None


SECRET_KEY = secret(PLUMBLINE_KEYS)
DEBUG = switch("PLUMBLINE_DEBUG")
ALLOWED_HOSTS = words("PLUMBLINE_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [PLUMBLINE_ORIGIN] if PLUMBLINE_ORIGIN.startswith("http") else []
TLS = switch("PLUMBLINE_TLS")  # served over https: cookies are then for https only
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SECURE_HSTS_SECONDS = 3600 if TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
CACHES = {  # tries are counted here: of Django's usual 300 entries a stranger with many addresses pushes out the rest
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 50_000}}
}
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *sign_in.FORM_ORIGINS],
    }
}

INSTALLED_APPS = [
    *REGISTERS,
    "plumbline.faces.lists",
    "plumbline.faces.portable",
    "plumbline.ledger",
    "plumbline.organisation",
    "plumbline.standards",
    "plumbline.kernel",
    "plumbline.faces.following",
    "plumbline.faces.search",
    "plumbline.faces.hooks",
    "plumbline.faces.labels",
    "plumbline.conformity",
    "plumbline.faces.sheets",
    "plumbline.faces.api",
    "plumbline.faces.scim",
    "plumbline.desk",
    "plumbline.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    *sign_in.APPS,
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "plumbline.desk.senses.OnlyTheCamera",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "plumbline.faces.api.edge.Edge",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "plumbline.organisation.signin.sessions.LastSeen",
    "plumbline.organisation.signin.devices.Bound",
    "plumbline.ledger.reads.ReadOnlyReads",
    "plumbline.organisation.signin.coming_back.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "plumbline.kernel.middleware.InOrganisation",
    "plumbline.desk.arriving.Once",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "plumbline.config.urls"
WSGI_APPLICATION = "plumbline.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "plumbline.desk.frame.frame",
            ],
            "builtins": ["plumbline.ui.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "plumbline.ui.forms.Renderer"

AUTH_USER_MODEL = "organisation.Account"
AUTHENTICATION_BACKENDS = sign_in.BACKENDS
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds
SILENCED_SYSTEM_CHECKS = ["axes.W003"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS, FORMAT_MODULE_PATH = [Path(__file__).parent.parent / "locale"], "plumbline.ui.formats"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["plumbline.config.uploads.LimitedUploads"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_mail = urlsplit(text("PLUMBLINE_MAIL_URL"))  # smtp://user:password@host:port?tls=1
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _mail.hostname else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = PLUMBLINE_DATA / "mail"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS = "tls=1" in (_mail.query or "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = text("PLUMBLINE_MAIL_FROM", "plumbline@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"level": "ERROR"}},  # a refusal is no fault of the server's
    "root": {"handlers": ["stderr"], "level": text("PLUMBLINE_LOG", "WARNING")},
}
