"""Settings for the tests: the same code, with what would slow or disturb them switched off.

Every test process has a folder, a database and a Redis database of its own, named in the environment too, so that the
processes which a test starts find the same ones.
"""

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="gess-test-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["SECRET_KEY"] = "only-for-tests"
for name, path in (("DATABASE_URL", f"/gess_test_{WORKER}"), ("REDIS_URL", f"/{WORKER}")):
    if os.environ.get(name):
        os.environ[name] = urlsplit(os.environ[name])._replace(path=path).geturl()

# Most tests of the full way run on PostgreSQL alone; the fixture `elasticsearch` switches the node on for one test.
# Its address stays in the environment under another name, for the workers that xdist starts from this process.
if os.environ.get("ELASTICSEARCH_URL"):
    os.environ["ELASTICSEARCH_OF_TESTS"] = os.environ.pop("ELASTICSEARCH_URL")
ELASTICSEARCH_OF_TESTS = os.environ.get("ELASTICSEARCH_OF_TESTS", "")
os.environ["ELASTICSEARCH_PREFIX"] = f"test-{WORKER}"

from gess.settings.base import *
from gess.settings.base import DATABASES, STATIC_ROOT

STATIC_ROOT.mkdir(parents=True)  # WhiteNoise warns where it is missing
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow hash only slows the tests down
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = False  # every test comes from one address
DATABASES["default"]["CONN_MAX_AGE"] = 0
PAGE_CACHE = False  # tests look at the contexts that views render; tests/sync/test_page_cache.py switches it on
