"""Figures over all documents, computed once for each state of the data instead of once for each page.

What is kept is used only under the mark that this request reads, as whole pages are (`sync.page_cache`): after any
change it is computed anew. Outside of requests, and while anything waits, it is computed each time.
"""

import functools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import ParamSpec, TypeVar

from sync.drain import mark_read

ROOM = 200  # results that a process keeps
MAX_AGE = 600.0  # seconds: bounds what depends on something that no trigger watches

P = ParamSpec("P")
R = TypeVar("R")


class KeptResults:
    """The results of this process; the least recently used goes first."""

    def __init__(self) -> None:
        self._rows: OrderedDict[Hashable, tuple[str, float, object]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, mark: str, make: Callable[[], R]) -> R:
        """Return what was kept under this mark, or what `make` returns now."""
        with self._lock:
            known = self._rows.get(key)
            if known and known[0] == mark and time.monotonic() - known[1] <= MAX_AGE:
                self._rows.move_to_end(key)
                return known[2]  # type: ignore[return-value]
        made = make()
        with self._lock:
            self._rows[key] = mark, time.monotonic(), made
            self._rows.move_to_end(key)
            while len(self._rows) > ROOM:
                self._rows.popitem(last=False)
        return made

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()


results = KeptResults()


def kept(function: Callable[P, R]) -> Callable[P, R]:
    """Decorator: keep what the function returns for its arguments, which are hashable. Callers must not change it."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **named: P.kwargs) -> R:
        mark = mark_read()
        if not mark:
            return function(*args, **named)
        key = (function.__module__, function.__qualname__, args, tuple(sorted(named.items())))
        return results.get(key, mark, lambda: function(*args, **named))

    return wrapper
