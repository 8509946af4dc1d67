"""What Celery runs. Messages carry nothing: the task reads the rows."""

from celery import shared_task

from notifications import sending


@shared_task
def send_pending() -> int:
    """Send what waits."""
    return sending.send_pending()
