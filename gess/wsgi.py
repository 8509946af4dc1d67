"""The web application, as a WSGI server finds it. It does not start where searches would go stale unnoticed."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gess.settings.base")
application = get_wsgi_application()

from django.db import connections  # noqa: E402  these need the applications loaded

from gess.health import refuse_unfit_start  # noqa: E402

refuse_unfit_start()
connections.close_all()  # processes that a server forks must not share one

# What is loaded stays as long as the process: no collection need look through it, and forked processes share it.
gc.collect()
gc.freeze()
