"""After a request that wrote, one nudge."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sync.folding import is_pending
from sync.nudge import nudge

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class NudgeMiddleware:
    """Tells the workers that an unsafe request left something to do; its transactions are committed by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.REDIS_URL and request.method not in SAFE and is_pending():
            nudge()
        return response
