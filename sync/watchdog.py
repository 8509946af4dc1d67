"""Noticing that work waits and nobody does it.

A worker may be alive and deaf, after a broken connection to the broker or in a call that never returns. Two things show
it: changes wait while the mark that every projection changes stays the same; and a worker takes no message for a long
time, though the broker takes ours. The second shows it also where readers project, while shipping and mails wait.
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
DEAF = 60.0  # seconds without a message taken: longer than any task may run
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


class Hearing:
    """Measures for how long a worker has taken no message, though the broker took those that were sent to it."""

    def __init__(self, taken: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._taken, self._clock = taken, clock
        self._count, self._since = taken(), clock()

    def deaf_for(self) -> float:
        """Look once, and return for how many seconds the number of messages taken has stayed the same."""
        count = self._taken()
        if count != self._count:
            self._count = count
            self.excuse()
        return self._clock() - self._since

    def excuse(self) -> None:
        """Begin anew: nothing could be heard until now."""
        self._since = self._clock()


def watch(end: Callable[[], None], stop: threading.Event, taken: Callable[[], int]) -> None:
    """Look until `stop` is set. Call `end`, once, when work stands still though the broker takes messages.

    `taken` returns how many messages this worker has taken. A message of our own comes first: where only beat is
    missing, it sets the work going again. While the broker is away, ending would not help: readers do what they can,
    and this process finds the broker when it is back.
    """
    watchdog, hearing = Watchdog(), Hearing(taken)
    while not stop.wait(PAUSE):
        try:
            stuck = watchdog.stuck_for()
        except DatabaseError as error:
            logger.error("The watchdog cannot look, the database does not answer: %s", error)
            connection.close()
            continue
        deaf = hearing.deaf_for()
        told = max(stuck, deaf) >= PAUSE and nudge()
        if not told:
            hearing.excuse()
        if told and (stuck >= LIMIT or deaf >= DEAF):
            logger.critical(
                "Work waits and nothing was done for %.0f seconds, no message was taken for %.0f: this worker ends.",
                stuck,
                deaf,
            )
            end()
            return
        if stuck >= LIMIT:
            logger.error("Work waits for %.0f seconds, and the broker takes no messages.", stuck)
