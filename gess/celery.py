"""The Celery application of the full way: `celery -A gess worker`, `celery -A gess beat`."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun

from gess.logs import activity

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gess.settings.base")
app = Celery("gess")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging(**kwargs: Any) -> None:
    """Leave logging as Django has set it up: without a receiver Celery would replace it."""


@task_prerun.connect
def name_activity(task_id: str, **kwargs: Any) -> None:
    activity.set(task_id)


@task_postrun.connect
def forget_activity(**kwargs: Any) -> None:
    activity.set("")
