"""Named moments in the code at which a process can be killed or held, when a file in FAULTS_DIR says so.

The code under test knows nothing of them: its functions are wrapped when the harness's app is ready.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

# name: (module whose name is replaced, function, whether the moment comes before or after it)
FUNCTIONS = {
    "after_commit_before_nudge": ("sync.middleware", "nudge", "before"),
    "after_read_before_write": ("sync.projection", "_write", "before"),
    "in_the_write": ("sync.projection", "_write_documents", "after"),
    "after_registering": ("search.generations", "register", "after"),
    "in_the_backfill": ("search.generations", "fill", "after"),
    "between_backfill_and_swap": ("search.generations", "_swap", "before"),
}
# name: (method of the replica, whether the moment comes before or after it)
METHODS = {
    "after_read_before_ship": ("put", "before"),
    "after_ship_before_outbox_delete": ("put", "after"),
    "after_swap_before_note": ("swap", "after"),
}
GIVEN = {"put": ("search.shipping", "_deliver"), "swap": ("search.generations", "_swap")}  # who is given the replica
POINTS = (*FUNCTIONS, *METHODS)
ORDERS = ("kill", "hold")
ROLES = (
    "web",
    "worker",
    "drain",
    "writer",
    "rebuild",
)  # what kinds of processes there are; each knows its own by FAULTS_ROLE


def install() -> None:
    triple_messages()
    suffer_from_content()
    measure_nudges()
    for name, (module, function, when) in FUNCTIONS.items():
        wrap(module, function, lambda real, name=name, when=when: _with_point(real, name, when))
    for module, function in GIVEN.values():
        wrap(module, function, _with_watched_replica)


def wrap(module: str, function: str, make: Callable[[Callable], Callable]) -> None:
    """Put `make(real)` in the place of a function, where `module` looks it up. Raises AttributeError if it is gone."""
    target: Any = import_module(module)
    *owners, last = function.split(".")
    for owner in owners:
        target = getattr(target, owner)
    setattr(target, last, make(getattr(target, last)))


def _with_point(real: Callable, name: str, when: str) -> Callable:
    @wraps(real)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            reach(name)
            return real(*args, **kwargs)
        result = real(*args, **kwargs)
        reach(name)
        return result

    return wrapped


def _with_watched_replica(real: Callable) -> Callable:
    @wraps(real)
    def wrapped(target: Any, replica: Any, *args: Any) -> Any:
        return real(target, WatchedReplica(replica), *args)

    return wrapped


class WatchedReplica:
    """A replica that passes points."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._real, method)
        for name, (its, when) in METHODS.items():
            if its == method:
                found = _with_point(found, name, when)
        return found


def reach(name: str) -> None:
    """Die or wait here, if this is asked of such a process; one takes the order, and leaves its number.

    Only the thread that came here waits, as one does whose disk or network is slow; the others of its process go on.
    """
    for what in ORDERS:
        asked = settings.FAULTS_DIR / f"{name}.{what}.{settings.FAULTS_ROLE}"
        if not asked.exists():
            continue
        taken = settings.FAULTS_DIR / f"{asked.name}.{os.getpid()}"
        try:
            asked.rename(taken)
        except FileNotFoundError:
            continue  # another process was faster
        if what == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        while what == "hold" and taken.exists():
            time.sleep(0.02)


def order(folder: Path, name: str, what: str, role: str = "worker") -> None:
    """Ask the next process of a role that comes to a point to die (`kill`) or to wait (`hold`)."""
    for given, known in ((name, POINTS), (what, ORDERS), (role, ROLES)):
        if given not in known:
            raise ValueError(f"There is no {given!r}: choose one of {', '.join(known)}.")
    (folder / f"{name}.{what}.{role}").touch()


def taken(folder: Path, name: str, what: str, role: str = "worker") -> list[int]:
    """Return the processes that took such orders."""
    return [int(path.suffix[1:]) for path in folder.glob(f"{name}.{what}.{role}.*")]


def withdraw(folder: Path) -> None:
    """Take back all orders, and let go whoever waits."""
    for path in list(folder.iterdir()):
        path.unlink(missing_ok=True)


TRIPLED = "tripled"  # a file of this name in FAULTS_DIR: every message is sent three times, out of order
COPIES = "copies"  # a file beside that folder, one letter for each copy that was sent


def triple_messages() -> None:
    """Let a process send each message three times, the copies after later messages, while the flag is there."""
    kept: list[Callable[[], Any]] = []

    def make(real: Callable) -> Callable:
        @wraps(real)
        def publish(self: Any, *args: Any, **kwargs: Any) -> Any:
            if (settings.FAULTS_DIR / TRIPLED).exists():
                kept.extend([lambda: real(self, *args, **kwargs)] * 2)
                random.shuffle(kept)
                while len(kept) > 3:
                    kept.pop()()
                    with (settings.FAULTS_DIR.parent / COPIES).open("a") as file:
                        file.write(".")
            return real(self, *args, **kwargs)

        return publish

    wrap("kombu.messaging", "Producer.publish", make)


HANGING = "Hanging"  # a resource whose title begins so is never done with
HUNGRY = "Hungry"  # and one with this title needs as much memory as no process of ours should take
APPETITE = 8 * 2**30  # bytes


def suffer_from_content() -> None:
    """Let a process turn in circles, or take memory, when it makes the entry of such a resource."""

    def make(real: Callable) -> Callable:
        @wraps(real)
        def entries(self: Any, row: Any) -> Any:
            while row.title.startswith(HANGING):
                pass
            if row.title.startswith(HUNGRY):
                bytearray(APPETITE)
            return real(self, row)

        return entries

    wrap("library.entries", "ResourceEntries.entries", make)


TRIED = 0.05  # seconds: who waits for less did not try
NUDGES = "nudges"  # a file beside FAULTS_DIR: for how many seconds each message that was not sent held up a request


def measure_nudges() -> None:
    """Let a process write down for how long its requests stood still while it tried to tell the workers."""

    def make(real: Callable) -> Callable:
        @wraps(real)
        def nudge() -> bool:
            before = _idle()
            sent = real()
            if not sent:
                with (settings.FAULTS_DIR.parent / NUDGES).open("a") as file:
                    file.write(f"{_idle() - before:.3f}\n")
            return sent

        return nudge

    wrap("sync.middleware", "nudge", make)


def _idle() -> float:
    """Return a clock of this thread that stands while it computes, or waits for a processor: a busy machine is no delay.

    https://docs.kernel.org/scheduler/sched-stats.html
    """
    running, waiting, _ = Path("/proc/thread-self/schedstat").read_text().split()
    return time.monotonic() - (int(running) + int(waiting)) / 1e9


def held_up(folder: Path) -> list[float]:
    """Return those times; what the breaker left untried held up nobody, and is no time."""
    file = folder / NUDGES
    found = map(float, file.read_text().splitlines()) if file.exists() else ()
    return [seconds for seconds in found if seconds > TRIED]


def forget_nudges(folder: Path) -> None:
    (folder / NUDGES).unlink(missing_ok=True)
