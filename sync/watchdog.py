"""Noticing that work waits and nobody does it.

A worker may be alive and deaf, after a broken connection to the broker or in a call that never returns. What shows
that the work gets on is the mark that every projection changes.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, connection

from sync.folding import look
from sync.nudge import nudge

logger = logging.getLogger(__name__)
LIMIT = 30.0  # seconds that work may wait without any progress
PAUSE = 5.0  # seconds between two looks


class Watchdog:
    """Measures for how long work has been waiting while nothing was projected."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._mark: str | None = None
        self._since = clock()

    def stuck_for(self) -> float:
        """Look once, and return for how many seconds the same backlog has been seen to stand still."""
        pending, mark = look()
        if not pending or mark != self._mark:
            self._mark, self._since = mark, self._clock()
        return self._clock() - self._since


def watch(end: Callable[[], None], stop: threading.Event) -> None:
    """Look until `stop` is set. Call `end`, once, when work stands still though the broker takes messages.

    A message of our own comes first: where only beat is missing, it sets the work going again. While the broker is
    away, ending would not help: readers do what they can, and this process finds the broker when it is back.
    """
    watchdog = Watchdog()
    while not stop.wait(PAUSE):
        try:
            stuck = watchdog.stuck_for()
        except DatabaseError as error:
            logger.error("The watchdog cannot look, the database does not answer: %s", error)
            connection.close()
            continue
        told = stuck >= PAUSE and nudge()
        if stuck < LIMIT:
            continue
        if told:
            logger.critical("Work waits and nothing was done for %.0f seconds: this worker ends.", stuck)
            end()
            return
        logger.error("Work waits for %.0f seconds, and the broker takes no messages.", stuck)
