"""How often tests by chance repeat: in full on SQLite, a tenth on PostgreSQL, where only the database is another one.

With TIMES set, so many times as often, on both: ``TIMES=10`` for a long night, ``TIMES=1`` for all on PostgreSQL too.
"""

import os

_SHARE = 0.1 if os.environ.get("DATABASE_URL") else 1.0
_TIMES = float(os.environ.get("TIMES") or _SHARE)


def times(number: int) -> int:
    """Return how many of `number` examples are to be tried here."""
    return max(1, round(number * _TIMES))
