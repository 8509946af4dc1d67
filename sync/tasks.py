"""What Celery runs. Messages carry nothing: the task reads the state."""

from celery import shared_task

from sync import drain as draining


@shared_task
def drain() -> int:
    """Project what is pending, within the task's time limit."""
    return draining.drain(30.0)
