"""What Celery runs. Messages carry nothing: the task reads the state."""

import os
import signal
import threading
import time
from typing import Any

import billiard
from celery import shared_task
from celery.platforms import EX_FAILURE
from celery.signals import worker_process_init, worker_ready, worker_shutting_down
from celery.worker import state as worker

from core.chores import do_chores_after_drain
from sync import drain as draining
from sync import patrol as patrolling
from sync import watchdog
from sync.projection import begin_carefully

GRACE = 10.0  # seconds that a worker gets to end in order

_ending = threading.Event()


@shared_task
def drain() -> int:
    """Project what is pending, within the task's time limit, and do what follows from it."""
    count = draining.drain(20.0)
    return count + do_chores_after_drain()


@shared_task
def patrol() -> int:
    """Compare the part of all documents whose turn it is with their content."""
    return patrolling.patrol()


@worker_process_init.connect
def begin(**kwargs: Any) -> None:
    """Have each process that does tasks begin carefully: it may follow one that a key has ended."""
    begin_carefully()


@worker_ready.connect
def watch(**kwargs: Any) -> None:
    """Have a thread of the worker's main process look whether work gets on."""
    threading.Thread(target=watchdog.watch, args=(end, _ending, taken), name="watchdog", daemon=True).start()


@worker_shutting_down.connect
def stop_watching(**kwargs: Any) -> None:
    _ending.set()


def taken() -> int:
    """Return how many messages this worker has taken."""
    return sum(worker.total_count.values())


def end() -> None:
    """End this worker with an error, so that whatever started it starts it anew; by force if it does not obey."""
    worker.should_stop = EX_FAILURE
    time.sleep(GRACE)
    for child in billiard.active_children():
        os.kill(child.pid, signal.SIGKILL)
    os._exit(EX_FAILURE)
