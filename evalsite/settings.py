"""All settings, read from the environment (docs/settings.md lists the variables).

``EVALSITE_ENV`` is ``development`` (default), ``demo`` or ``production``. Only production may hold real data, and it refuses
to start with debug on, without its own secret key, or (see :mod:`evalsite.startup`) on a database with demo accounts.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

EVALSITE_ENV = env("EVALSITE_ENV", default="development")
if EVALSITE_ENV not in {"development", "demo", "production"}:
    raise ImproperlyConfigured(f"EVALSITE_ENV must be development, demo or production, not {EVALSITE_ENV!r}")
PRODUCTION = EVALSITE_ENV == "production"
DEMO = EVALSITE_ENV == "demo"

DEBUG = env.bool("DEBUG", default=False)
# Outside production a key of this process is enough; sessions then end with it, which hurts nobody.
# Read from the environment itself: environ takes a value that begins with $ for the name of another variable.
SECRET_KEY = os.environ.get("SECRET_KEY", "") or ("" if PRODUCTION else get_random_secret_key())
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost"])

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off in production (EVALSITE_ENV=production)")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("production needs its own SECRET_KEY of at least 50 characters")
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("production needs ALLOWED_HOSTS, the host names it answers to")

INSTALLED_APPS = [
    # Before ours, which takes its pages out of the technical administration.
    "django_otp",
    "django_otp.plugins.otp_totp",
    "evalsite.apps.EvalsiteConfig",
    "reports.apps.ReportsConfig",
    "indicators.apps.IndicatorsConfig",
    "budgets.apps.BudgetsConfig",
    "departments.apps.DepartmentsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "bootstrap",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "evalsite.middleware.RequestLogMiddleware",
    "evalsite.middleware.ImpossibleValueMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "evalsite.middleware.LateAnswersSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "evalsite.middleware.PrivatePagesMiddleware",
    "evalsite.middleware.IdleTimeOutMiddleware",
    "evalsite.middleware.ChangePasswordFirstMiddleware",
    "evalsite.middleware.SecondFactorFirstMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "evalsite.urls"
WSGI_APPLICATION = "evalsite.wsgi.application"

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
                "evalsite.context.site",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "OPTIONS": {"environment": "evalsite.jinja.environment"},
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    with suppress(OSError):  # a read-only checkout can still evaluate files, which needs no database
        VAR_DIR.mkdir(exist_ok=True)
    # IMMEDIATE takes the write lock at the start of a transaction instead of failing in its middle; without
    # ATOMIC_REQUESTS a page view never takes it.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 60,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
    # A file, not memory: tests with several threads then have several connections, as the site has.
    # Named after the process, so that two runs in one checkout do not share it.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / f"test-{os.getpid()}.sqlite3"}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    # A pooler that lends a connection for one transaction only (pgbouncer) cannot keep a cursor open beyond it.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("EVALSITE_DATABASE_POOLED", default=False)
# A copy that is only read, for public pages and the overview (evalsite.replica); a PostgreSQL streaming replica.
if replica_url := env("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = env.db_url_config(replica_url) | {
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "DISABLE_SERVER_SIDE_CURSORS": env.bool("EVALSITE_DATABASE_POOLED", default=False),
        "TEST": {"MIRROR": "default"},
    }
    DATABASES["replica"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
    DATABASE_ROUTERS = ["evalsite.replica.Router"]
    MIDDLEWARE.append("evalsite.replica.ReplicaMiddleware")
    if not all("postgresql" in item["ENGINE"] for item in DATABASES.values()):
        raise ImproperlyConfigured("DATABASE_REPLICA_URL needs PostgreSQL, as primary and as replica")
# Who has sent a form reads from the primary for so long; a replica further behind is passed over.
REPLICA_PIN_SECONDS = env.int("EVALSITE_REPLICA_PIN_SECONDS", default=15)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "departments.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "departments.passwords.CharacterKindsValidator"},
    {"NAME": "departments.passwords.NotTheNameValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "departments.passwords.NotUsedBeforeValidator"},
]
# Days after which a password has to be changed; 0: never. 90 is the usual demand of 等级保护.
PASSWORD_DAYS = env.int("EVALSITE_PASSWORD_DAYS", default=0)
# How long a password works that was handed out on paper.
ONE_TIME_PASSWORD_DAYS = env.int("EVALSITE_ONE_TIME_PASSWORD_DAYS", default=14)
# The second step of signing in is everybody's own choice; with this, people of the bureau have to set it up first.
SECOND_FACTOR_FOR_BUREAU = env.bool("EVALSITE_SECOND_FACTOR_FOR_BUREAU", default=False)
OTP_TOTP_ISSUER = "部门绩效自评"  # how the entry is called in the telephone
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "evalsite.views.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page names a time, and keeps to it
AXES_RESET_ON_SUCCESS = True
# Behind a proxy every connection is the proxy's: the address is the one that it names.
AXES_CLIENT_IP_CALLABLE = "departments.sign_ins.address_of"
AXES_ENABLE_ADMIN = False  # its pages are in English; `manage.py axes_reset` opens a locked account

# A session ends after half an hour in which nothing is done, and after a working day in any case. Its cookie lives longer:
# a form that is sent the next morning still tells whose it is, and waits until that person has signed in again.
SESSION_IDLE_SECONDS = env.int("EVALSITE_IDLE_MINUTES", default=30) * 60
SESSION_LONGEST_SECONDS = 12 * 60 * 60
# How long after the password nothing dangerous asks for it again.
CONFIRM_AGAIN_SECONDS = 5 * 60
SESSION_COOKIE_AGE = 4 * 24 * 60 * 60
SESSION_COOKIE_NAME = "evalsite_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "evalsite.views.csrf_failure"
# An intranet without https is common; production asks for it unless told otherwise.
HTTPS = env.bool("EVALSITE_HTTPS", default=PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("EVALSITE_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A load balancer asks by plain http from inside.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
METRICS_ALLOW = env.list("EVALSITE_METRICS_ALLOW", default=["127.0.0.1", "::1"])
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap's own style sheet carries its small icons as data: images.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION or DEMO
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not (PRODUCTION or DEMO)
# Uploads are never served from here: every file goes through a view that asks visible_to().
# The address that a QR code on a printed report leads to; without a trailing slash.
EVALSITE_ADDRESS = env(
    "EVALSITE_ADDRESS",
    default=f"https://{ALLOWED_HOSTS[0].lstrip('*.')}" if PRODUCTION else "http://127.0.0.1:8000",
).rstrip("/")
MEDIA_ROOT = Path(env("EVALSITE_MEDIA_DIR", default=str(VAR_DIR / ("demo/media" if DEMO else "media"))))
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024
CLAMD_ADDRESS = env("EVALSITE_CLAMD", default="")

# The public interface: requests a caller's address may make; the address is read from X-Forwarded-For only behind a proxy.
EVALSITE_API_RATE = env("EVALSITE_API_RATE", default="120/m")
NINJA_NUM_PROXIES = 1 if BEHIND_PROXY else 0

# Long work is queued in the database and done by `manage.py db_worker` (make run starts one).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Archives of bulk exports: read by a view that asks visible_to(); web servers and workers must share this folder.
EXPORT_DIR = Path(env("EVALSITE_EXPORT_DIR", default=str(VAR_DIR / ("demo/bulk" if DEMO else "bulk"))))
EXPORT_KEEP_DAYS = env.int("EVALSITE_EXPORT_KEEP_DAYS", default=7)
# A worker that is silent for so long is taken for dead, and another one goes on with its export.
WORKER_SILENCE_SECONDS = 60
# After so long a bulk export lets the other tasks of the queue have their turn.
EXPORT_TURN_SECONDS = 30

# Notices go by mail as well where a mail server and a sender are named; otherwise into the in-app inbox only.
EVALSITE_MAIL_FROM = env("EVALSITE_MAIL_FROM", default="")
MAIL_CONFIGURED = bool(EVALSITE_MAIL_FROM and env("EMAIL_URL", default=""))
if MAIL_CONFIGURED:
    globals().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = EVALSITE_MAIL_FROM or "webmaster@localhost"
EMAIL_TIMEOUT = 20

# Long forms have hundreds of inputs: Django's own Jinja2 templates write them five times as fast as its others.
FORM_RENDERER = "evalsite.forms.FormRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

LOG_FORMAT = env("EVALSITE_LOG_FORMAT", default="json" if PRODUCTION else "plain")
if LOG_FORMAT not in {"json", "plain"}:
    raise ImproperlyConfigured(f"EVALSITE_LOG_FORMAT must be json or plain, not {LOG_FORMAT!r}")
ACCESS_LOG = env.bool("EVALSITE_ACCESS_LOG", default=PRODUCTION)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "evalsite.logs.RequestIdFilter"}},
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} [{request_id}]: {message}", "style": "{"},
        "json": {"()": "evalsite.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request_id"]}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"evalsite.access": {"level": "INFO" if ACCESS_LOG else "WARNING"}},
}
