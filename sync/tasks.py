"""What Celery runs. Messages carry nothing: the task reads the state."""

from celery import shared_task

from core.chores import do_chores_after_drain
from sync import drain as draining
from sync import patrol as patrolling


@shared_task
def drain() -> int:
    """Project what is pending, within the task's time limit, and do what follows from it."""
    count = draining.drain(20.0)
    return count + do_chores_after_drain()


@shared_task
def patrol() -> int:
    """Compare the part of all documents whose turn it is with their content."""
    return patrolling.patrol()
