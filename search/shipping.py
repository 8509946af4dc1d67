"""From the outbox to the replica. A row leaves the outbox only when the replica has its version, or a newer one.

Workers may ship the same row twice: external versions make that harmless. What cannot be delivered stays and says why.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from search.engines.replica import Outcome, Replica, ReplicaDown
from search.models import Outbox, Target
from sync.models import Document
from sync.projection import tombstone

logger = logging.getLogger(__name__)
BATCH = 500  # documents of one request
MAX_ATTEMPTS = 5  # of a document that the engine refuses
LONGEST_PAUSE = 5.0  # seconds between two looks at an engine that is down
LOCK = 0x6E5543  # first half of the advisory locks: one shipper for each generation

ACKNOWLEDGE = "DELETE FROM search_outbox WHERE id = %s AND version <= %s"


def ship(target: Target, replica: Replica, seconds: float = 20.0) -> int:
    """Ship what waits for one generation until nothing is left, the engine fails or time is up; return how many."""
    deadline = time.monotonic() + seconds
    count = 0
    while time.monotonic() < deadline and not is_paused(target):
        rows = waiting(target)[:BATCH]
        if not rows:
            break
        delivered = _deliver(target, replica, list(rows))
        count += delivered
        if not delivered:
            break
    return count


def waiting(target: Target) -> QuerySet[Outbox]:
    """Return the rows of a generation that may be shipped now, oldest first."""
    rows = Outbox.objects.filter(Q(retry_at=None) | Q(retry_at__lte=timezone.now()), target=target, parked=False)
    return rows.order_by("pk")


def _deliver(target: Target, replica: Replica, rows: Sequence[Outbox]) -> int:
    """Send one batch and note the outcome of each document; return how many were acknowledged."""
    documents = _documents(rows)
    try:
        outcomes = replica.put(target.pk, [documents[row.document] for row in rows])
    except ReplicaDown as error:
        pause(target, error)
        return 0
    done, refused, later = [], [], []
    for row in rows:
        outcome = outcomes[row.document]
        {"done": done, "refused": refused, "later": later}[outcome.kind].append((row, outcome))
    with connection.cursor() as cursor:
        cursor.executemany(ACKNOWLEDGE, [(row.pk, documents[row.document].version) for row, _ in done])
    for row, outcome in refused:
        _refuse(row, outcome)
    for row, outcome in later:
        _put_off(row, outcome)
    if later and not done:
        pause(target, later[0][1].reason)
    elif target.failures:
        resume(target)
    return len(done)


def _documents(rows: Sequence[Outbox]) -> dict[str, Document]:
    """Return the documents of the rows as they are now; one whose row was lost is a tombstone."""
    found = Document.objects.in_bulk([row.document for row in rows], field_name="id")
    for row in rows:
        if row.document not in found:
            key = ":".join(row.document.split(":")[1:3])
            found[row.document] = tombstone(row.document, key, row.version)
    return found


def _refuse(row: Outbox, outcome: Outcome) -> None:
    """Count a refusal of the document itself; after some, park it with its reason until it changes."""
    logger.error("The search engine refused %s: %s", row.document, outcome.reason)
    _note(row, outcome, parked=row.attempts + 1 >= MAX_ATTEMPTS)


def _put_off(row: Outbox, outcome: Outcome) -> None:
    """Try again later what the engine could not take now; its fault, so never parked."""
    _note(row, outcome, parked=False)


def _note(row: Outbox, outcome: Outcome, parked: bool) -> None:
    wait = timedelta(seconds=min(0.5 * 2**row.attempts, 60))
    Outbox.objects.filter(pk=row.pk, version=row.version).update(
        attempts=F("attempts") + 1, retry_at=timezone.now() + wait, parked=parked, reason=outcome.reason[:2000]
    )


def is_paused(target: Target) -> bool:
    return bool(target.paused_until and target.paused_until > timezone.now())


def pause(target: Target, reason: object) -> None:
    """Leave an engine that fails alone for a while: twice as long each time, a few seconds at most."""
    logger.warning("The search engine takes nothing, trying again soon: %s", reason)
    target.failures += 1
    target.paused_until = timezone.now() + timedelta(seconds=min(0.25 * 2**target.failures, LONGEST_PAUSE))
    _note_state(target)


def resume(target: Target) -> None:
    logger.warning("The search engine takes documents again.")
    target.failures, target.paused_until = 0, None
    _note_state(target)


def _note_state(target: Target) -> None:
    """Write the breaker's state; nothing happens if the generation was given up meanwhile."""
    Target.objects.filter(pk=target.pk).update(failures=target.failures, paused_until=target.paused_until)


@contextmanager
def alone(target: Target) -> Iterator[bool]:
    """Say whether this process may work on a generation; another one that does so keeps it until it ends or dies."""
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, target.pk])
        mine = cursor.fetchone()[0]
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, target.pk])
