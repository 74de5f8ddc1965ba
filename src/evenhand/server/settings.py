"""Django's settings, made from `evenhand.configuration`. Nothing is decided here that a person could want to set."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf.locale import LANG_INFO

from evenhand.configuration import Configuration, read_configuration
from evenhand.errors import OptionRefused

CONFIGURATION: Configuration = read_configuration()


def _database(configuration: Configuration, setting: str, file: Path, **options: Any) -> dict[str, Any]:
    where = configuration[setting]
    if not where:
        return {
            "ENGINE": "evenhand.database.sqlite",
            "NAME": file,
            "OPTIONS": {"lock_timeout": float(configuration["lock_timeout"]), **options},
        }
    parts = urlsplit(where)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise OptionRefused(
            f"the setting {setting} is '{where}'; leave it empty for SQLite, or write postgresql://user:password@host/name"
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


def _mail(where: str, sender: str) -> dict[str, Any]:
    """Return Django's settings of mail: a server, or nothing that could send any."""
    if not where:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(where)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise OptionRefused(
            f"the setting mail is '{parts.scheme}://...'; leave it empty, or write smtp://user:password@host:587"
        )
    if "@" not in sender:
        raise OptionRefused("mail is set and mail_from is not; set mail_from to the address that mail comes from")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": sender,
    }


EVENHAND = CONFIGURATION
SECRET_KEY = CONFIGURATION.secret_key() or "not set: evenhand init makes one, and check-setup says so"
DEBUG = CONFIGURATION.debug
HTTPS = CONFIGURATION.says_yes("https")
PROXY = CONFIGURATION.says_yes("proxy")
OPEN_DOORS = CONFIGURATION.open_doors
ALLOWED_HOSTS = [host.strip() for host in CONFIGURATION["hosts"].split(",") if host.strip()]
DATABASES = {
    "default": _database(CONFIGURATION, "database", CONFIGURATION.sqlite_file),
    # What is erased there is written over, not left lying in free pages.
    "people": _database(
        CONFIGURATION, "people_database", CONFIGURATION.people_file, init_command="PRAGMA secure_delete = ON"
    ),
}
DATABASE_ROUTERS = ["evenhand.people.router.PeopleApart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "evenhand.server.admin.ReadOnlyAdminConfig",
    "django.contrib.staticfiles",
    "evenhand.access",
    "evenhand.records",
    "evenhand.rounds",
    "evenhand.stockbook",
    "evenhand.said",
    "evenhand.people",
    "evenhand.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
]
MIDDLEWARE = [
    # The first three put their headers on whatever comes out, also where one of the others fails.
    "csp.middleware.CSPMiddleware",
    "evenhand.server.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "evenhand.server.assets.Assets",
    "evenhand.server.packing.Packing",
    "evenhand.web.failures.middleware.Failures",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "evenhand.web.languages.speaking.Speaking",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "evenhand.web.frame.signed_in.SignedIn",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "evenhand.server.addresses"
WSGI_APPLICATION = "evenhand.server.wsgi.application"
APPEND_SLASH = False
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [str(files("evenhand") / "web")],
        "APP_DIRS": True,  # the admin's own
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "evenhand.web.frame.pages.frame",
            ]
        },
    }
]

# ── languages ────────────────────────────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = CONFIGURATION["language"]
LANG_INFO.setdefault("zh", LANG_INFO["zh-hans"] | {"code": "zh"})  # one word for it, in addresses as elsewhere
LANGUAGES = [
    ("ar", "العربية"), ("zh", "中文"), ("en", "English"), ("fr", "Français"), ("ru", "Русский"), ("es", "Español"),
]  # fmt: skip
LOCALE_PATHS = [str(files("evenhand") / "web" / "languages")]
TIME_ZONE = "UTC"
USE_TZ = True

# ── who signs in, and how ────────────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator", "OPTIONS": options}
    for name, options in (
        ("MinimumLength", {"min_length": 12}),
        ("CommonPassword", {}),
        ("NumericPassword", {}),
        ("UserAttributeSimilarity", {"user_attributes": ("name", "email", "full_name")}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "evenhand.web.account.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; the checks of allauth want to know all the same
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# One address may be a whole ministry behind one router; a name must not be locked for its owner by strangers' tries.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,60/h/key", "reset_password": "10/m/ip,3/h/key"}
ACCOUNT_FORMS = {
    "login": "evenhand.web.account.forms.SignInForm",
    "reauthenticate": "evenhand.web.account.forms.ProveItForm",
    "change_password": "evenhand.web.account.forms.NewPasswordForm",
    "reset_password": "evenhand.web.account.forms.RecoverForm",
    "reset_password_from_key": "evenhand.web.account.forms.RecoveredForm",
}
MFA_FORMS = {
    "authenticate": "evenhand.web.account.forms.CodeForm",
    "reauthenticate": "evenhand.web.account.forms.ProveItByCodeForm",
    "login_webauthn": "evenhand.web.account.forms.PasskeySignInForm",
    "authenticate_webauthn": "evenhand.web.account.forms.PasskeyStepForm",
    "reauthenticate_webauthn": "evenhand.web.account.forms.ProveItByPasskeyForm",
    "activate_totp": "evenhand.web.account.forms.FirstCodeForm",
    "add_webauthn": "evenhand.web.account.forms.PasskeyForm",
    "edit_webauthn": "evenhand.web.account.forms.PasskeyNameForm",
}
MFA_ADAPTER = "evenhand.web.account.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey that opens everything alone always asks for its own second proof; one beside a password need not.
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # telephones of field officers run a little late
MFA_TOTP_ISSUER = f"Evenhand {CONFIGURATION['group']}".strip()
USERSESSIONS_TRACK_ACTIVITY = False  # `frame.signed_in` notes it now and then, not with every request
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["login", "password", "code", "credential", "csrfmiddlewaretoken", "next"]
AXES_USERNAME_CALLABLE = "evenhand.web.account.locks.name_tried"
AXES_CLIENT_IP_CALLABLE = "evenhand.web.account.locks.address_of"
AXES_LOCKOUT_CALLABLE = "evenhand.web.account.locks.locked"

# ── sessions, cookies, headers ───────────────────────────────────────────────────────────────────────────────────────

SESSION_COOKIE_AGE = 12 * 3600
LONGEST_SESSION = timedelta(days=7)
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "evenhand.web.failures.views.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CACHES = {
    "default": {
        "BACKEND": "evenhand.server.cache.SharedCache",
        "LOCATION": str(CONFIGURATION.folder / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # asked by whatever watches over the server, from beside it
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20 * int(CONFIGURATION["largest_file"])
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
globals().update(_mail(CONFIGURATION["mail"], CONFIGURATION["mail_from"]))

# ── assets ───────────────────────────────────────────────────────────────────────────────────────────────────────────

STATIC_URL = "/assets/"
STATIC_ROOT = str(CONFIGURATION.folder / "assets")
STATICFILES_DIRS = [str(files("evenhand") / "web" / "assets")]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.InMemoryStorage"
    },  # nothing is stored as a file; evidence is a row
    "staticfiles": {"BACKEND": "evenhand.server.assets.AssetStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

# ── what is written down ─────────────────────────────────────────────────────────────────────────────────────────────

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "evenhand.server.logs.InUtc"}},
    "handlers": {"error output": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "evenhand": {"handlers": ["error output"], "level": "INFO"},
        "django": {"handlers": ["error output"], "level": "ERROR", "propagate": True},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},  # every scanner on the net
        "axes": {"handlers": [], "level": "CRITICAL", "propagate": False},  # it writes names and addresses in clear
    },
}
