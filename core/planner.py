"""What SQLite knows of its tables when it plans a statement: it counts only when told to. PostgreSQL counts by itself.

Without it a page takes twice as long, since the planner takes every index for as good as any other.
https://www.sqlite.org/lang_analyze.html
"""

import time

from django.db import DEFAULT_DB_ALIAS, connections

ROWS = 100_000  # of each index that are looked at: far fewer mislead the planner, and more only take longer
FIRST, LAST = 60.0, 3600.0  # seconds from one count to the next: a new site fills quickly


def count_tables(using: str = DEFAULT_DB_ALIAS) -> None:
    """Have the tables counted: also after a table or index was built anew, since what was known of it is lost then.

    Connections that are opened from now on plan by it.
    """
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {ROWS}")
            cursor.execute("ANALYZE")


class Counting:
    """The chore: at once, a minute later, and then each time after twice as long, up to an hour."""

    def __init__(self) -> None:
        self._next = 0.0
        self._pause = FIRST

    def __call__(self) -> int:
        if time.monotonic() < self._next:
            return 0
        count_tables()
        self._next = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LAST)
        return 1
