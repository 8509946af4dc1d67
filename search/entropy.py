"""Comparing a replica with the documents: by sums of 1,024 buckets, and document by document where those differ."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.db.models import F
from django.dispatch import receiver

from core.entries import AUDIENCES
from search.engines.replica import Replica, hash32
from search.models import Outbox, Target
from search.outbox import enqueue
from sync.models import Document, State
from sync.projection import tombstone

Sums = dict[int, tuple[int, int, int]]  # by bucket: documents, sum of versions, sum of 32-bit hashes

# The first eight hexadecimal digits of a hash as a number; a tombstone's empty hash is 0.
HASH = {
    "postgresql": "('x' || lpad(left(hash, 8), 8, '0'))::bit(32)::bigint",
    "sqlite": "gess_hash32(hash)",
}
SUMS = "SELECT bucket, count(*), sum(version), sum({hash}) FROM sync_document WHERE audience = %s GROUP BY bucket"


@receiver(connection_created)
def _teach_sqlite(connection: Any, **kwargs: Any) -> None:
    """Define the function once: SQLite refuses to define it anew while any statement is being read."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("gess_hash32", 1, hash32, deterministic=True)


@dataclass
class Differences:
    """What differs between a replica and the documents, by document id."""

    behind: dict[str, int] = field(default_factory=dict)  # missing in the replica, or older there: our version
    ahead: dict[str, int] = field(default_factory=dict)  # newer in the replica, or other content: its version
    unknown: dict[str, int] = field(default_factory=dict)  # not among the documents at all: its version

    def __len__(self) -> int:
        return len(self.behind) + len(self.ahead) + len(self.unknown)

    def __iter__(self) -> Iterator[str]:
        yield from (*self.behind, *self.ahead, *self.unknown)

    def not_on_their_way(self, target: Target) -> dict[str, int]:
        """Return the versions to send of what no row of the outbox announces."""
        waiting = set(Outbox.objects.filter(target=target, document__in=list(self)).values_list("document", flat=True))
        return {doc_id: version for doc_id, version in self.behind.items() if doc_id not in waiting}


def differences(target: Target, replica: Replica) -> Differences:
    """Compare both ways. The replica is read first: what was written since is announced by the outbox."""
    found = Differences()
    for audience in AUDIENCES:
        theirs, ours = replica.checksum(target.pk, audience), sums(audience)
        for bucket in sorted(theirs.keys() | ours.keys()):
            if theirs.get(bucket) != ours.get(bucket):
                _compare(replica.rows(target.pk, audience, bucket), _rows(audience, bucket), found)
    return found


def _compare(theirs: dict[str, tuple[int, int]], ours: dict[str, tuple[int, int]], found: Differences) -> None:
    for doc_id, (version, _) in theirs.items():
        if doc_id not in ours:
            found.unknown[doc_id] = version
        elif theirs[doc_id] != ours[doc_id] and version >= ours[doc_id][0]:
            found.ahead[doc_id] = version
    for doc_id, (version, _) in ours.items():
        if doc_id not in theirs or theirs[doc_id][0] < version:
            found.behind[doc_id] = version


def sums(audience: str) -> Sums:
    """Return the sums of an audience's documents by bucket, tombstones included."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(hash=HASH[connection.vendor]), [audience])
        return {bucket: (count, int(versions), int(hashes)) for bucket, count, versions, hashes in cursor.fetchall()}


def _rows(audience: str, bucket: int) -> dict[str, tuple[int, int]]:
    rows = Document.objects.filter(audience=audience, bucket=bucket).values_list("id", "version", "hash")
    return {doc_id: (version, hash32(digest)) for doc_id, version, digest in rows}


def mend(target: Target, found: Differences) -> int:
    """Have the replica corrected; return how many documents are sent.

    Where it is ahead, as after a restore or a fail-over that lost the last moments, the document is given a version
    above both: a lower one would be refused for ever. What only the replica knows becomes a tombstone.
    """
    sent = found.not_on_their_way(target)
    with transaction.atomic():
        enqueue(sent)
        for doc_id, version in sorted((found.ahead | found.unknown).items()):
            key = ":".join(doc_id.split(":")[1:3])
            above = _raise_state(key, version)
            if not Document.objects.filter(id=doc_id).update(version=above):
                tombstone(doc_id, key, above).save(force_insert=True)
            enqueue({doc_id: above})
    return len(sent) + len(found.ahead) + len(found.unknown)


def _raise_state(key: str, version: int) -> int:
    """Lift a key's versions above `version`, keeping whether it is done, and return the new one."""
    State.objects.get_or_create(key=key)
    state = State.objects.select_for_update().get(key=key)
    above = max(state.done, version) + 1
    State.objects.filter(key=key).update(want=F("want") + above - state.done, done=above)
    return above
