"""What search cleans up, a little at a time."""

import time

from search.misses import expire
from search.words import forget

TURN = 60  # seconds

_last_turn = 0.0


def tidy() -> int:
    """Delete old misses and a few words that no text has any more: once a minute. Return how many rows went."""
    global _last_turn
    if time.monotonic() - _last_turn < TURN:
        return 0
    _last_turn = time.monotonic()
    return expire() + forget()
