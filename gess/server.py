"""Settings of the web server: `gunicorn gess.wsgi --config python:gess.server`.

https://docs.gunicorn.org/en/stable/settings.html
"""

import os
from logging.config import DictConfigurator
from typing import Any

from django.conf import settings
from gunicorn.glogging import Logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gess.settings.base")


class ServerLog(Logger):
    """Writes the server's own events as all others are written. Requests are logged by `gess.logs`, and not here."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        described = settings.LOGGING["formatters"]["event"].copy()  # it is used up
        formatter = DictConfigurator(settings.LOGGING).configure_formatter(described)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter)


logger_class = ServerLog
worker_class = "gthread"
threads = 4  # of each worker: one that waits for the database blocks nobody
limit_request_line = 0  # long searches are ours to shorten, not the server's to refuse
loglevel = "warning"
