"""Settings for the tests: the same code, with what would slow or disturb them switched off."""

import os
import tempfile

# A folder of its own for each run, so that tests never touch the data of `make run`.
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="gess-test-"))
os.environ.setdefault("SECRET_KEY", "only-for-tests")

from gess.settings.base import *  # noqa: E402, F403
from gess.settings.base import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow hash only slows the tests down
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = False  # every test comes from one address
DATABASES["default"]["CONN_MAX_AGE"] = 0
