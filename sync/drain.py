"""Doing what is pending: by readers within a small budget, by a second process or Celery without one."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import DatabaseError, connection

from sync.folding import fold, look
from sync.projection import open_keys, project

logger = logging.getLogger(__name__)
BATCH = 20  # keys of one transaction: short enough for other writers to wait
READ_BUDGET = 0.25  # seconds that a reader gives to pending changes
READ_LIMIT = 2.0  # seconds that a reader gives to one key: what takes longer is left to who has more time
READ_LOCK_WAIT = 50  # milliseconds that a reader waits for another writer


@dataclass
class Reading:
    """What one request knows about the state of the data that it reads."""

    looked: bool = False
    mark: str = ""  # of the state that is shown; empty while anything waits


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Within the block, a request that changes nothing, `before_read` looks once at most."""
    token = _reading.set(Reading())
    try:
        yield
    finally:
        _reading.reset(token)


def mark_read() -> str:
    """Return the mark of the state that this request shows; empty outside of requests, and while anything waits."""
    state = _reading.get()
    if state is None:
        return ""
    before_read()
    return state.mark


def before_read() -> None:
    """Project what is pending, so that the page about to be made shows it. Never delays a reader for long.

    With nothing pending this is one statement. If the database is busy or refuses, the reader gets the last projection,
    and the rows wait for the next drain. What has failed once is no reader's work any more.
    """
    state = _reading.get()
    if state and state.looked:
        return
    pending, mark = look()
    if pending:
        _drain_for_reader()
        pending, mark = look() if state else (True, "")
    if state:
        state.looked, state.mark = True, "" if pending else mark


def _drain_for_reader() -> None:
    try:
        with short_lock_wait():
            _drain(READ_BUDGET, failed=False, limit=READ_LIMIT)
    except DatabaseError as error:
        logger.info("A reader left pending changes to the next drain: %s", error)
        connection.close_if_unusable_or_obsolete()  # the page is still to be made


def drain(seconds: float | None = None) -> int:
    """Project until nothing is pending or `seconds` have passed; return how many keys were projected."""
    return _drain(seconds)


def _drain(seconds: float | None, failed: bool = True, limit: float | None = None) -> int:
    """Project with or without what has `failed` before, and with a limit of seconds for each key."""
    deadline = time.monotonic() + seconds if seconds is not None else None
    count = 0
    while deadline is None or time.monotonic() < deadline:
        folded = fold()
        keys = open_keys(BATCH, failed)
        if keys:
            count += project(keys, limit)
        elif not folded:
            break
    return count


@contextmanager
def short_lock_wait() -> Iterator[None]:
    """Give up quickly where another connection holds the lock: a search must not wait for an import."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            usual = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout = {READ_LOCK_WAIT}")
            try:
                yield
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {usual}")
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{READ_LOCK_WAIT}ms'")
            try:
                yield
            finally:
                cursor.execute("SET lock_timeout = DEFAULT")
