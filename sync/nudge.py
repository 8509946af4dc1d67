"""Telling the workers that there is work. The rows are the guarantee; a lost message loses nothing."""

import logging
import time

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
TASK = "sync.tasks.drain"
TIMEOUT = 0.25  # seconds: a dead broker must not delay a request
PAUSE = 5.0  # seconds without another try after a failure

_paused_until = 0.0


def nudge() -> bool:
    """Send one message to the workers, where there are any; return whether it was sent."""
    global _paused_until
    if not settings.REDIS_URL or time.monotonic() < _paused_until:
        return False
    timeouts = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT, "max_retries": 0}
    try:
        with current_app.connection_for_write(
            settings.REDIS_URL, connect_timeout=TIMEOUT, transport_options=timeouts
        ) as broker:
            current_app.send_task(TASK, connection=broker, expires=10, retry=False)
    except (OperationalError, OSError) as error:
        _paused_until = time.monotonic() + PAUSE
        logger.warning("The broker does not answer, workers find the work by themselves: %s", error)
        return False
    return True
