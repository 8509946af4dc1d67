"""Settings of GESS. Every environment variable is declared here, typed, and nowhere else."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from gess.settings import logs
from gess.settings.secret import kept_secret

BASE_DIR = Path(__file__).resolve().parents[2]
env = Env()

# --- Environment -----------------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "")  # postgresql://user:password@host/name; empty = SQLite in DATA_DIR
REDIS_URL = env.str("REDIS_URL", "")  # redis://host:6379/0; empty = file cache, no Celery
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", "")  # https://host:9200,https://...; empty = the database searches
ELASTICSEARCH_USER = env.str("ELASTICSEARCH_USER", "")  # with ELASTICSEARCH_PASSWORD: basic authentication
ELASTICSEARCH_PASSWORD = env.str("ELASTICSEARCH_PASSWORD", "")
ELASTICSEARCH_API_KEY = env.str("ELASTICSEARCH_API_KEY", "")  # in the place of user and password
ELASTICSEARCH_CA_CERTS = env.str("ELASTICSEARCH_CA_CERTS", "")  # file with the authority of its certificate
ELASTICSEARCH_FINGERPRINT = env.str("ELASTICSEARCH_FINGERPRINT", "")  # or the SHA-256 of that certificate
ELASTICSEARCH_PREFIX = env.str("ELASTICSEARCH_PREFIX", "gess")  # of the names of its indices
ELASTICSEARCH_REPLICAS = env.int("ELASTICSEARCH_REPLICAS", 0)  # copies of each index; 1 on a cluster
DATA_DIR = env.path("DATA_DIR", BASE_DIR / "var")  # database, media, cache and mails of the embedded way
STATIC_ROOT = env.path("STATIC_ROOT", DATA_DIR / "static")  # where collectstatic puts files; not there = from the code
SECRET_KEY = env.str("SECRET_KEY", "")  # empty = made once and kept in DATA_DIR (embedded way only)
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)  # demo accounts; refused where DATABASE_URL is set
EMPTY = env.bool("EMPTY", False)  # start without content, in a database of its own
HTTPS = env.bool("HTTPS", False)  # served behind TLS: secure cookies, redirect, HSTS
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", "http://localhost:8000")  # absolute addresses in mails
EMAIL_URL = env.dj_email_url("EMAIL_URL", "")  # smtp+tls://...; empty = mails are written to DATA_DIR/mail
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "gess@localhost")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "")  # gets what the contact page sends; empty = it waits at /cms/ alone
LOG_LEVEL = env.log_level("LOG_LEVEL", "INFO")
LOG_FORMAT = env.str("LOG_FORMAT", "json" if REDIS_URL else "text")  # json: one object a line, and every request

if not SECRET_KEY:
    if DATABASE_URL:
        raise ImproperlyConfigured("Set SECRET_KEY: with DATABASE_URL set, every process must share one secret.")
    SECRET_KEY = kept_secret(DATA_DIR)

# --- Applications ----------------------------------------------------------------------------------------------------
# Ours from the lowest layer up: an app is ready before those that build on it.
INSTALLED_APPS = [
    "core",
    "taxonomy",
    "accounts",
    "media",
    "sync",
    "links",
    "notifications",
    "glossary",
    "experts",
    "library",
    "search",
    "qa",
    "pages",
    "office",
    "gess",
    "wagtail.contrib.settings",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.users",
    "wagtail.admin",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.embeds",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "gess.health.HealthMiddleware",
    "gess.logs.RequestLogMiddleware",
    "sync.page_cache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "core.middleware.ReturnLanguageMiddleware",
    "core.middleware.CleanParametersMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.middleware.PolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sync.middleware.NudgeMiddleware",
]

ROOT_URLCONF = "gess.urls"
WSGI_APPLICATION = "gess.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "gess.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database --------------------------------------------------------------------------------------------------------
# No ATOMIC_REQUESTS: services open short transactions. https://docs.djangoproject.com/en/5.2/ref/databases/
if DATABASE_URL:
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=600, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / ("empty.sqlite3" if EMPTY else "gess.sqlite3"),
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                # Readers never wait for the writer (WAL); a writer takes its lock at once instead of failing halfway.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;"
                " PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000;",
            },
        }
    }

# --- Cache, tasks ----------------------------------------------------------------------------------------------------
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "core.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "gess",
            "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DATA_DIR / "cache",
        }
    }

PAGE_CACHE = not DEBUG  # visitors' pages, kept in each process until something changes: sync/page_cache.py

# https://docs.celeryq.dev/en/stable/userguide/configuration.html
CELERY_BROKER_URL = REDIS_URL or None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_TASK_TIME_LIMIT = 45
CELERY_TASK_SOFT_TIME_LIMIT = 40
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 90,
    "unacked_restore_interval": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 0.25,
    "health_check_interval": 10,
}
CELERY_BEAT_SCHEDULE = {
    "drain": {"task": "sync.tasks.drain", "schedule": 1.0, "options": {"expires": 1}},
    "patrol": {"task": "sync.tasks.patrol", "schedule": 60.0, "options": {"expires": 30}},
    "ship": {"task": "search.tasks.ship", "schedule": 1.0, "options": {"expires": 1}},
    "reconcile": {"task": "search.tasks.reconcile", "schedule": 300.0, "options": {"expires": 60}},
    "send": {"task": "notifications.tasks.send_pending", "schedule": 5.0, "options": {"expires": 5}},
}

# --- Languages -------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["gess.formats"]
USE_I18N = True
USE_TZ = True

# --- Files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "css").is_dir()  # collected files are served alone
WHITENOISE_MAX_AGE = 600
CONTENT_DIR = BASE_DIR / "content"

# --- Accounts --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "GESS: "
ACCOUNT_SESSION_REMEMBER = None

# --- Mail ------------------------------------------------------------------------------------------------------------
MAIL_DIR = DATA_DIR / "mail"
EMAIL_TIMEOUT = 10  # seconds: a mail server that does not answer must not hold a page
if env.str("EMAIL_URL", ""):
    vars().update(EMAIL_URL)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR

# --- Experts ---------------------------------------------------------------------------------------------------------
# Days after which a profile that its owner did not confirm is to be reviewed, leaves lists and searches, has no page.
EXPERT_REVIEW_DAYS = 182
EXPERT_SEARCH_DAYS = 365
EXPERT_PAGE_DAYS = 548

# --- Security --------------------------------------------------------------------------------------------------------
# https://docs.djangoproject.com/en/5.2/topics/security/ ; the editors' looser policy is core.middleware's.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_500  # a request line of gunicorn's holds 2,047 at most: no search ends in an error
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Wagtail ---------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "GESS"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILIMAGES_IMAGE_MODEL = "media.GessImage"
WAGTAILDOCS_DOCUMENT_MODEL = "media.GessDocument"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- API -------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "core.api.EntryCursorPagination",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "GESS",
    "DESCRIPTION": "Resources, countries and themes on the extension of social security; one search over all.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["core.api.only_ours"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- Logs ------------------------------------------------------------------------------------------------------------
LOGGING = logs.configuration(LOG_FORMAT, LOG_LEVEL)
