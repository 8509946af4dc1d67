"""The shared cache, which may be away: what it holds can be made anew, so its loss fails nothing."""

import logging
import time
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
PAUSE = 5.0  # seconds


class ForgivingRedisCache(RedisCache):
    """Redis; while it does not answer, a cache in which nothing is found and nothing is kept.

    Limits on log-ins are kept here too: they are not enforced in that time, so that people can still log in. After a
    failure nobody waits for it again for some seconds.
    """

    _away_until: ClassVar[float] = float("-inf")

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._try("get", default, key, default, version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        return self._try("get_many", {}, keys, version)

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._try("has_key", False, key, version)

    def add(self, key: str, value: Any, *args: Any, **options: Any) -> bool:
        return self._try("add", True, key, value, *args, **options)

    def set(self, key: str, value: Any, *args: Any, **options: Any) -> None:
        self._try("set", None, key, value, *args, **options)

    def set_many(self, data: Mapping[str, Any], *args: Any, **options: Any) -> list[str]:
        return self._try("set_many", list(data), data, *args, **options)

    def touch(self, key: str, *args: Any, **options: Any) -> bool:
        return self._try("touch", False, key, *args, **options)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._try("delete", False, key, version)

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._try("delete_many", None, keys, version)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return self._try("incr", delta, key, delta, version)

    def _try(self, name: str, otherwise: Any, *args: Any, **options: Any) -> Any:
        if time.monotonic() < ForgivingRedisCache._away_until:
            return otherwise
        try:
            return getattr(super(), name)(*args, **options)
        except RedisError as error:
            logger.warning("The cache does not answer: %s", error)
            ForgivingRedisCache._away_until = time.monotonic() + PAUSE
            return otherwise
