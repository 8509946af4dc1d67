"""Logs: one event a line, as JSON for machines that collect them or as text for people; and a line for each page.

Nothing that readers typed is written: addresses without their question, no account, no address of the network.
"""

import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

logger = logging.getLogger(__name__)
SLOW = 1000.0  # milliseconds; slower requests are warned of
FIELDS = ("method", "path", "status", "milliseconds")
PASSED_ON = re.compile(r"[A-Za-z0-9._-]{8,64}")  # what a proxy may number requests with
KEYS = re.compile(r"^(/accounts/.*(?:confirm-email|reset/key)/).+")  # mailed to one person: such a key opens an account

encode = json.JSONEncoder(ensure_ascii=False, default=str).encode  # made once: `json.dumps` makes one for each line
activity: ContextVar[str] = ContextVar("activity", default="")  # id of the request or task that is being served


class JsonFormatter(logging.Formatter):
    """Writes an event as one line of JSON: time (UTC), level, logger, message, process, and what belongs to it."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if activity.get():
            event["activity"] = activity.get()
        event |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return encode(event)


class RequestLogMiddleware:
    """Numbers each request, or takes the number that the proxy gave, and logs how it was answered.

    The number is in every line that is logged meanwhile, and in the answer's `X-Request-ID`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        number = given if PASSED_ON.fullmatch(given) else secrets.token_hex(8)
        started = time.perf_counter()
        token = activity.set(number)
        try:
            response = self.get_response(request)
            _log(request, response.status_code, (time.perf_counter() - started) * 1000)
        finally:
            activity.reset(token)
        response["X-Request-ID"] = number
        return response


def _log(request: HttpRequest, status: int, milliseconds: float) -> None:
    level = logging.WARNING if milliseconds > SLOW else logging.INFO
    if not logger.isEnabledFor(level) or (level == logging.INFO and request.path.startswith(settings.STATIC_URL)):
        return
    path = KEYS.sub(r"\1...", escape_uri_path(request.path))
    shown = {"method": request.method, "path": path, "status": status, "milliseconds": round(milliseconds, 1)}
    slow = "slow: " if level == logging.WARNING else ""
    message = f"{slow}{request.method} {path} {status} {milliseconds:.0f} ms"
    # The line of code that logs is always this one: looking for it costs as much as writing the line.
    logger.handle(logger.makeRecord(logger.name, level, __file__, 0, message, (), None, extra=shown))
