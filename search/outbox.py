"""What replicas have still to be told, written in the transaction that writes the documents."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from search.models import Outbox, Target
from sync.models import Document
from sync.projectors import Changes, Projection, Projector

FILL = 2_000  # documents put into the outbox of a new generation in one transaction
LOCK = 0x6E5542  # of PostgreSQL's advisory locks: registering a generation waits for transactions that write documents

PUT = """
INSERT INTO search_outbox (target_id, document, version, attempts, parked, reason) VALUES (%s, %s, %s, 0, %s, '')
ON CONFLICT (target_id, document) DO UPDATE SET
    version = CASE WHEN excluded.version > search_outbox.version THEN excluded.version ELSE search_outbox.version END,
    attempts = 0, retry_at = NULL, parked = excluded.parked, reason = ''
"""


class OutboxProjector(Projector):
    """Puts every document that a batch wrote into the outbox of every generation, also of one that is being filled."""

    def project(self, batch: Sequence[Projection], changes: Changes) -> None:
        if settings.ELASTICSEARCH_URL and changes.written:
            enqueue(changes.written)


def enqueue(versions: Mapping[str, int]) -> None:
    """Tell all generations of these versions, by document id; within the caller's transaction."""
    hold_targets(shared=True)
    for target in Target.objects.order_by("pk"):
        enqueue_for(target, versions)


def enqueue_for(target: Target, versions: Mapping[str, int]) -> None:
    """Put these versions into the outbox of one generation; a newer one that waits there stays."""
    with connection.cursor() as cursor:
        cursor.executemany(PUT, [(target.pk, doc_id, versions[doc_id], False) for doc_id in sorted(versions)])


def fill(target: Target) -> int:
    """Put the next documents, by number, into the outbox of a new generation; return how many, 0 at the end."""
    with transaction.atomic():
        rows = list(
            Document.objects.filter(number__gt=target.filled_to)
            .order_by("number")
            .values_list("number", "id", "version")[:FILL]
        )
        enqueue_for(target, {doc_id: version for _, doc_id, version in rows})
        target.filled_to = rows[-1][0] if rows else target.filled_to
        target.filled = not rows
        target.save(update_fields=["filled_to", "filled"])
    return len(rows)


def parked_documents() -> QuerySet[Outbox]:
    """Return what the engine has refused too often, with its reasons. A new version of the document tries it again."""
    return Outbox.objects.filter(parked=True).order_by("document")


def retry(document: str) -> bool:
    """Have a document that was given up sent again; False if none is given up under that id."""
    waiting = parked_documents().order_by().filter(document=document)
    return bool(waiting.update(parked=False, attempts=0, retry_at=None, reason=""))


def hold_targets(shared: bool) -> None:
    """Until the transaction ends: writers of documents share the list of generations, registering one excludes them.

    Otherwise a transaction that read the list before a generation was registered could commit after that generation was
    filled, and the change would be in neither.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}({LOCK})")
