"""What Celery runs. Messages carry nothing: the tasks read the rows."""

from celery import shared_task

from search import replication


@shared_task
def ship() -> int:
    """Bring the search engine nearer to the documents."""
    return replication.replicate()


@shared_task
def reconcile() -> int:
    """Compare the search engine with the documents and have it corrected."""
    return replication.reconcile()
