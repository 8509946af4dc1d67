"""How often somebody may send."""

import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def address_of(request: HttpRequest) -> str:
    """Return who asks: behind TLS, the address that our own proxy saw (the last one it wrote down)."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META["REMOTE_ADDR"]


def take(purpose: str, address: str, times: int, seconds: int) -> bool:
    """Take one of `times` slots that each come back after `seconds`; False if none is free.

    Without an answering cache everybody may send: a limit must not lose what a reader wrote.
    """
    slots = (f"{purpose}.{address}.{number}" for number in range(times))
    try:
        return any(cache.add(slot, True, seconds) for slot in slots)
    except (RedisError, OSError) as error:
        logger.warning("The cache does not answer, %s is not limited: %s", purpose, error)
        return True
