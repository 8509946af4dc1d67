"""The Celery application of the full way: `celery -A gess worker`, `celery -A gess beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gess.settings.base")
app = Celery("gess")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
