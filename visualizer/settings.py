"""Django's settings, made from Options. Flows take plain values; nothing else reads django.conf.settings."""

from __future__ import annotations

from pathlib import Path

import dj_database_url
from django.utils.functional import lazy

from collector.lib.own_log import LINE_FORMAT, QUIET
from collector.lib.private_files import kept_secret
from visualizer.config import found_languages, read_options

options = read_options()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = options.data_dir

# Lazy: a command that only looks (inspect_logs) leaves no key behind.
SECRET_KEY = (
    options.secret_key.get_secret_value()
    if options.secret_key
    else lazy(lambda: kept_secret(DATA_DIR / "secret.key"), str)()
)
DEBUG = False
ALLOWED_HOSTS = list(options.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(options.csrf_trusted_origins)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "visualizer.repo",
    "collector",
    "visualizer.management.site.CommandsConfig",
]
MIDDLEWARE = [
    "visualizer.interfaces.security_headers.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "visualizer.interfaces.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "visualizer.interfaces.sign_in_required.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "visualizer.urls"
ASGI_APPLICATION = "visualizer.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "visualizer.interfaces.security_headers.csp",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "visualizer.interfaces.browser_texts",
                "visualizer.interfaces.assets",
                "visualizer.interfaces.node_marks",
                "visualizer.interfaces.saved_files",
                "visualizer.interfaces.table_words",
            ],
        },
    },
]

_SQLITE = f"sqlite:///{DATA_DIR / 'eventscope.sqlite3'}"
DATABASES = {
    "default": dj_database_url.parse(
        options.database_url.get_secret_value() if options.database_url else _SQLITE, conn_max_age=0
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: two writers wait for each other instead of failing on the upgrade of a read lock (SQLITE_BUSY).
    # NORMAL: a power cut may lose the last second; the rewind of the delivery protocol reads it again.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # Tests use a file, too: in SQLite's memory threads do not wait for each other, they fail.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "tests.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "graph"
# Behind a proxy that speaks TLS cookies are bound to it; a page on loopback has no TLS. The port tells apart the
# cookies of two Eventscopes on one machine: browsers do not.
_TLS = any(origin.startswith("https://") for origin in options.csrf_trusted_origins)
SESSION_COOKIE_NAME = "__Host-session" if _TLS else f"eventscope-{options.port}-session"
CSRF_COOKIE_NAME = "__Host-csrf" if _TLS else f"eventscope-{options.port}-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 86400
SECURE_HSTS_SECONDS = 365 * 86400
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Scripts need the nonce; the modules they import inherit it. "<CSP_NONCE_SENTINEL>" is Django 6.0's own mark.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["<CSP_NONCE_SENTINEL>"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}

# English is what is written in the code. Any other language is there when its folder is: docs/translating.md.
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGES = [("en", "English"), *((code, code) for code in found_languages(LOCALE_PATHS[0]))]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Their names carry the hash of their content (visualizer/interfaces/static_files.py): those are kept for ever.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "visualizer.interfaces.static_files.HashedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 86400
WHITENOISE_ALLOW_ALL_ORIGINS = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": LINE_FORMAT, "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": options.log_level},
    "loggers": {name: {"level": "WARNING"} for name in QUIET},
}
