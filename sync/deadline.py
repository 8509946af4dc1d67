"""A limit on how long a piece of code may take, in whatever thread it runs: past it, the code meets an exception.

A signal would reach the main thread only, and readers project in threads of the web server. The exception arrives
between two steps of the interpreter: a call that never returns to it is ended with its process, by the watchdogs.
"""

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LOOK = 0.5  # seconds between two looks at the clock, while anything runs


class TooSlow(Exception):
    """The code took longer than it was allowed to."""

    def __str__(self) -> str:
        return "It takes longer than anything here should."


_running: dict[object, tuple[int, float]] = {}  # thread and deadline of each limited piece
# A plain lock: entering a `with` block of one cannot be interrupted between taking it and being sure to release it.
_lock = threading.Lock()
_some = threading.Event()  # something may be running
_keeper: threading.Thread | None = None


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TooSlow in the block once it has taken so long. Not to be nested."""
    piece, thread = object(), threading.get_ident()
    with _lock:
        _running[piece] = (thread, time.monotonic() + seconds)
        _see_to_keeper()
    _some.set()
    try:
        yield
    finally:
        with _lock:
            if _running.pop(piece, None) is None:
                _send(thread, None)  # if it was not met yet, it must not be met by what comes next


def _see_to_keeper() -> None:
    """Start the thread that looks at the clock, unless it runs: a process that was forked has none."""
    global _keeper
    if _keeper is None or not _keeper.is_alive():
        _keeper = threading.Thread(target=_keep, name="deadlines", daemon=True)
        _keeper.start()


def _keep() -> None:
    while True:
        _some.wait()
        with _lock:
            if not _running:
                _some.clear()
            now = time.monotonic()
            for piece, (thread, deadline) in list(_running.items()):
                if deadline <= now:
                    del _running[piece]
                    _send(thread, TooSlow)
        time.sleep(LOOK)


def _send(thread: int, error: type[Exception] | None) -> None:
    """Have a thread meet an exception; None takes back what it has not met yet."""
    given = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), given)
