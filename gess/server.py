"""Settings of the web server: `gunicorn gess.wsgi --config python:gess.server`.

https://docs.gunicorn.org/en/stable/settings.html
"""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gess.settings.base")

worker_class = "gthread"
threads = 4  # of each worker: one that waits for the database blocks nobody
limit_request_line = 0  # long searches are ours to shorten, not the server's to refuse
loglevel = "warning"
logconfig_dict = {"formatters": {"generic": settings.LOGGING["formatters"]["event"]}}
