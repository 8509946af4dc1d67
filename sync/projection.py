"""From work to documents: what is visible now is written, what is not becomes a tombstone.

The order is the protocol: `want` is read before the content, and the writing transaction begins by claiming the version
read. Newer content under an older version is safe; the reverse would lose a change.
"""

import logging
import uuid
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone, translation

from core.entries import registry
from sync.deadline import limited
from sync.documents import BUCKETS, bounded, documents_of
from sync.folding import mark
from sync.models import Document, Generation, State
from sync.projectors import Changes, Projection, projectors

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 5
LIMIT = 10.0  # seconds for one key's entries and documents; a sound one takes milliseconds
WRITE_LIMIT = 20.0  # seconds for the derived rows of a batch; within a task's time limit and the watchdog's
CAREFUL = 100  # keys that a new process notes one by one before it touches them
UNFINISHED = "The process ended while it projected this."
IDENTITY = {"number", "id", "key", "audience", "kind", "bucket"}
CONTENT = [field.name for field in Document._meta.concrete_fields if field.name not in IDENTITY]


_careful = 0  # keys of this process still to be noted before they are touched


def begin_carefully() -> None:
    """Call at the start of a process that projects in the background, which is started again whenever it ends.

    A key that ends its process, by hanging or by the memory it needs, leaves no error behind. What comes after that
    process meets the same key among the first: so it takes some keys singly, and counts each attempt before making it.
    """
    global _careful
    _careful = CAREFUL


def project(keys: Sequence[str], limit: float | None = None) -> int:
    """Bring these keys up to date and return how many were; a key that fails is tried again later, then parked.

    So is one that takes longer than `limit` seconds, by default `LIMIT`.
    """
    global _careful
    wants = dict(State.objects.filter(key__in=keys).values_list("key", "want"))
    if _careful <= 0:
        try:
            return _project(wants, limit)
        except OperationalError:
            if not connection.is_usable():
                begin_carefully()  # one of these may be what the connection cannot carry
            raise
    _careful -= len(wants)
    return sum(_project_noted(key, version) for key, version in wants.items())


def _project_noted(key: str, version: int) -> int:
    """Do one key whose attempt is counted before; its failure, if it comes to that, is not counted again."""
    now = timezone.now()
    state = State.objects.filter(key=key, want=version, done__lt=version, parked=False).exclude(retry_at__gt=now)
    row = state.first()
    if row is None:
        return 0  # somebody else was faster
    before = {"attempts": row.attempts, "reason": row.reason, "retry_at": row.retry_at, "parked": False}
    # One that was not finished twice lets its neighbours go first, longer each time.
    wait = timedelta(seconds=LIMIT * 2**row.attempts) if row.attempts else None
    state.update(
        attempts=row.attempts + 1,
        parked=row.attempts + 1 >= MAX_ATTEMPTS,
        retry_at=now + wait if wait else None,
        reason=UNFINISHED,
    )
    try:
        return _project({key: version})
    except OperationalError:
        if connection.is_usable():  # a lock is no fault of the content; a lost connection may be
            State.objects.filter(key=key, want=version, reason=UNFINISHED).update(**before)
        raise


def _project(wants: dict[str, int], limit: float | None = None) -> int:
    built = build(wants, limit)
    try:
        _write(built)
    except Exception as error:
        if _passes(error):
            raise
        if len(built) == 1:
            _note_failure(built[0].key, wants[built[0].key], error)
            return 0
        # One row that the database refuses, or a projector, must not hold back its neighbours.
        return sum(_project({projection.key: projection.version}, limit) for projection in built)
    return len(built)


def build(wants: dict[str, int], limit: float | None = None) -> list[Projection]:
    """Build what these keys show now, outside any transaction. Keys that fail are noted and left out."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for key in wants:
        kind, _, pk = key.partition(":")
        by_kind[kind].append(int(pk))
    built = []
    with translation.override("en"):
        for kind, pks in by_kind.items():
            built += _build_kind(kind, pks, wants, limit or LIMIT)
    return built


def _build_kind(kind: str, pks: Sequence[int], wants: dict[str, int], limit: float) -> Iterator[Projection]:
    source = registry[kind] if kind in registry else None
    try:
        with limited(limit):
            rows = {row.pk: row for row in source.rows(pks)} if source else {}
    except Exception as error:
        if _passes(error):
            raise
        if len(pks) == 1:
            _note_failure(f"{kind}:{pks[0]}", wants[f"{kind}:{pks[0]}"], error)
            return
        for pk in pks:
            yield from _build_kind(kind, [pk], wants, limit)
        return
    for pk in pks:
        key = f"{kind}:{pk}"
        try:
            with limited(limit):
                entries = [bounded(entry) for entry in source.entries(rows[pk])] if pk in rows else []
                documents = documents_of(key, wants[key], entries)
        except Exception as error:  # a poison row of any sort is noted with its reason and blocks nobody
            if _passes(error):
                raise
            _note_failure(key, wants[key], error)
            continue
        yield Projection(key, wants[key], entries, documents)


def _passes(error: Exception) -> bool:
    """Say whether waiting cures it: a lock, a deadlock, a lost connection are no fault of the content.

    What exceeds a limit of PostgreSQL (class 54: a text too long for a vector) is, and stays.
    """
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, OperationalError) and not state.startswith("54")


def _write(built: Sequence[Projection]) -> None:
    """Write documents, tombstones, derived rows and `done` of these keys, all or nothing."""
    if not built:
        return
    with transaction.atomic():
        claimed = [projection for projection in sorted(built, key=lambda p: p.key) if _claim(projection)]
        if not claimed:
            return
        changes = Changes(written=_write_documents(claimed))
        with limited(WRITE_LIMIT):  # waiting for others' locks, as claiming may, is no fault of the content
            for projector in projectors():
                projector.project(claimed, changes)
        mark(list(changes.fanout), "fanout")
        # Last, since all who project wait for this one row.
        Generation.objects.update_or_create(pk=1, defaults={"mark": uuid.uuid4().hex})


def _claim(projection: Projection) -> bool:
    """Take the row's lock by marking the version done; False if someone newer was faster."""
    return bool(
        State.objects.filter(key=projection.key, done__lt=projection.version).update(
            done=projection.version, due_at=_due(projection), attempts=0, retry_at=None, parked=False, reason=""
        )
    )


def _due(projection: Projection) -> datetime | None:
    return min((entry.until for entry in projection.entries if entry.until), default=None)


def _write_documents(claimed: Sequence[Projection]) -> dict[str, int]:
    """Write what differs, and return the versions written by id."""
    present: dict[str, dict[str, Document]] = defaultdict(dict)
    for row in Document.objects.filter(key__in=[p.key for p in claimed]).only("number", "id", "key", "hash", "gone"):
        present[row.key][row.id] = row
    created, changed = [], []
    for projection in claimed:
        known = present[projection.key]
        for doc_id, document in projection.documents.items():
            row = known.get(doc_id)
            if row is None:
                created.append(document)
            elif row.gone or row.hash != document.hash:
                document.number = row.number
                changed.append(document)
        changed += [
            tombstone(row.id, row.key, projection.version, row.number)
            for row in known.values()
            if row.id not in projection.documents and not row.gone
        ]
    now = timezone.now()
    for document in (*created, *changed):
        document.changed_at = now
    Document.objects.bulk_create(created)
    if changed:
        Document.objects.bulk_update(changed, CONTENT, batch_size=20)
    return {document.id: document.version for document in (*created, *changed)}


def tombstone(doc_id: str, key: str, version: int, number: int | None = None) -> Document:
    """Return the document that says: nothing of this key is here any more."""
    audience, kind, _, language = doc_id.split(":", 3)
    return Document(
        number=number, id=doc_id, key=key, audience=audience, kind=kind, language=language, version=version, hash="",
        bucket=zlib.crc32(doc_id.encode()) % BUCKETS, gone=True,
    )  # fmt: skip


def _note_failure(key: str, version: int, error: Exception) -> None:
    """Count a failed attempt; after some, park the key with its reason until its content changes again."""
    logger.warning("Projecting %s failed: %s", key, error, exc_info=error)
    state, now = State.objects.filter(key=key, want=version), timezone.now()
    for row in state:
        counted = row.reason == UNFINISHED  # when it began
        if row.retry_at and row.retry_at > now and not counted:
            continue  # somebody else met the same at the same time
        attempts = row.attempts if counted else row.attempts + 1
        state.update(
            attempts=attempts,
            parked=attempts >= MAX_ATTEMPTS,
            retry_at=now + timedelta(seconds=min(2**attempts, 300)),
            reason=f"{type(error).__name__}: {error}"[:2000],
        )


def open_keys(limit: int, failed: bool = True) -> list[str]:
    """Return keys to project next, direct changes before fan-outs; without those whose last attempt `failed` if so."""
    waiting = State.objects.filter(done__lt=F("want"), parked=False).exclude(retry_at__gt=timezone.now())
    if not failed:
        waiting = waiting.filter(reason__in=["", UNFINISHED])
    return list(waiting.order_by("-urgent", "key").values_list("key", flat=True)[:limit])


def expected(keys: Iterable[str]) -> dict[str, Document]:
    """Return the documents that these keys should have, by id: for the check, which compares hashes."""
    return {doc_id: doc for p in build(dict.fromkeys(keys, 0)) for doc_id, doc in p.documents.items()}
