"""Settings of the processes under fault: those that users run, plus one app that can stop them at named points."""

from gess.settings.base import *  # noqa: F403  settings are names
from gess.settings.base import CELERY_BEAT_SCHEDULE, INSTALLED_APPS, env

FAULTS_DIR = env.path("FAULTS_DIR")  # where the supervisor says which point is deadly
FAULTS_ROLE = env.str("FAULTS_ROLE", "")  # web, worker, drain, writer; empty: the checker
FAULTS_BROKEN = env.list("FAULTS_BROKEN", [])  # safeguards that are switched off, to see the faults go red

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.FaultsConfig"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow hash only slows the start down
CELERY_BEAT_SCHEDULE = {**CELERY_BEAT_SCHEDULE, "send": {**CELERY_BEAT_SCHEDULE["send"], "schedule": 2.0}}
