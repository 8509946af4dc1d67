"""What every process logs, and how."""

from django.core.exceptions import ImproperlyConfigured


def configuration(style: str, level: str | int) -> dict:
    """Return the `LOGGING` of all processes; `style` is "json" or "text", `level` is that of the root logger."""
    formatters = {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "gess.logs.JsonFormatter"},
    }
    if style not in formatters:
        raise ImproperlyConfigured(f"LOG_FORMAT is {style!r}: set it to one of {', '.join(formatters)}.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"event": formatters[style]},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Whoever serves on a laptop reads what goes wrong, not every request.
            "gess.logs": {"level": "NOTSET" if style == "json" else "WARNING"},
            # A reader's mistake is no fault of ours: its status is in the request's line.
            "django.request": {"level": "ERROR"},
            # Wagtail tells of every save: thousands of lines when content is loaded.
            "django_tasks": {"level": "WARNING"},
            "wagtail": {"level": "WARNING"},
            # A line for each message, several a second.
            "celery": {"level": "WARNING"},
            "elastic_transport": {"level": "WARNING"},
        },
    }
