"""Work that waits in rows besides projecting: upper apps register it, the process that drains does it."""

from collections.abc import Callable

Chore = Callable[[], int]
_chores: list[Chore] = []
_after_drain: list[Chore] = []


def register_chore(chore: Chore, after_drain: bool = False) -> Chore:
    """Have this done regularly. It does a bounded amount of what waits, and returns how much it did.

    With `after_drain`, Celery does it as soon as changes were projected; other chores have tasks of their own there.
    """
    _chores.append(chore)
    if after_drain:
        _after_drain.append(chore)
    return chore


def do_chores() -> int:
    """Do what waits now; return how many pieces were done."""
    return sum(chore() for chore in _chores)


def do_chores_after_drain() -> int:
    """Do at once what projecting left to do; return how many pieces were done."""
    return sum(chore() for chore in _after_drain)
