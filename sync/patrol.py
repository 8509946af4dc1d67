"""Looking at everything once a day, a little each minute: reveals what nobody declared, and what no trigger heard."""

import logging
import time

from sync.checking import compare, keys_of_turn
from sync.folding import is_pending, mark

logger = logging.getLogger(__name__)
TURNS = 24 * 60  # a turn a minute

_last_turn = -1


def patrol(turn: int | None = None) -> int:
    """Compare the documents of this minute with their content, once; mark what differs, and return how many keys.

    Nothing is compared while changes wait: what is about to be projected differs rightly.
    """
    global _last_turn
    turn = int(time.time() // 60) % TURNS if turn is None else turn
    if turn == _last_turn or is_pending():
        return 0
    _last_turn = turn
    found = compare(keys_of_turn(turn, TURNS)).different_keys()
    if found and not is_pending():
        logger.error("Documents differed from their content, projecting anew: %s", ", ".join(found))
        mark(found, "direct")
    return len(found)
