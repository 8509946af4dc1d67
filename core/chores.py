"""Work that waits in rows besides projecting: upper apps register it, the process that drains does it."""

from collections.abc import Callable

Chore = Callable[[], int]
_chores: list[Chore] = []


def register_chore(chore: Chore) -> Chore:
    """Decorator: have this done regularly. It does a bounded amount of what waits, and returns how much it did."""
    _chores.append(chore)
    return chore


def do_chores() -> int:
    """Do what waits now; return how many pieces were done."""
    return sum(chore() for chore in _chores)
