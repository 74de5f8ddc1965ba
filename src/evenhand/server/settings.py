"""Django's settings, made from `evenhand.configuration`. Nothing is decided here that a person could want to set."""

from __future__ import annotations

from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

from evenhand.configuration import Configuration, read_configuration
from evenhand.errors import OptionRefused

CONFIGURATION: Configuration = read_configuration()


def _database(configuration: Configuration) -> dict[str, Any]:
    where = configuration["database"]
    if not where:
        return {
            "ENGINE": "evenhand.database.sqlite",
            "NAME": configuration.sqlite_file,
            "OPTIONS": {"lock_timeout": float(configuration["lock_timeout"])},
        }
    parts = urlsplit(where)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise OptionRefused(
            f"the setting database is '{where}'; leave it empty for SQLite, or write postgresql://user:password@host/name"
        )
    # Not parts.hostname: it would make the letters of a socket's folder small.
    host, _, port = parts.netloc.rpartition("@")[2].partition(":")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": port,
        "OPTIONS": {"options": f"-c lock_timeout={round(1000 * float(configuration['lock_timeout']))}"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


EVENHAND = CONFIGURATION
SECRET_KEY = CONFIGURATION.secret_key() or "not set: evenhand init makes one, and check-setup says so"
DEBUG = CONFIGURATION.debug
ALLOWED_HOSTS = [host.strip() for host in CONFIGURATION["hosts"].split(",") if host.strip()]
DATABASES = {"default": _database(CONFIGURATION)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "evenhand.access",
    "evenhand.records",
    "evenhand.rounds",
    "evenhand.stockbook",
]
AUTH_USER_MODEL = "access.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator", "OPTIONS": options}
    for name, options in (
        ("MinimumLength", {"min_length": 12}),
        ("CommonPassword", {}),
        ("NumericPassword", {}),
        ("UserAttributeSimilarity", {"user_attributes": ("name", "email", "full_name")}),
    )
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "evenhand.server.addresses"
WSGI_APPLICATION = "evenhand.server.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [str(files("evenhand") / "web")]}
]
LANGUAGE_CODE = CONFIGURATION["language"]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A page brings its own style and pictures and runs no script.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20 * int(CONFIGURATION["largest_file"])
