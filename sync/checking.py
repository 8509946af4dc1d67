"""Comparing the documents with what the content should give now, both ways, by hash."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from core.entries import registry
from sync.models import Document, State
from sync.projection import expected

CHUNK = 200


@dataclass
class Difference:
    """Ids of documents that are missing, that differ, and that should not be there; and keys that were parked."""

    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    parked: dict[str, str] = field(default_factory=dict)
    looked_at: int = 0

    def __len__(self) -> int:
        return len(self.missing) + len(self.stale) + len(self.extra) + len(self.parked)

    def keys(self) -> list[str]:
        """Return the keys to project again."""
        ids = [*self.missing, *self.stale, *self.extra]
        return sorted({":".join(doc_id.split(":")[1:3]) for doc_id in ids} | set(self.parked))


def compare(progress: Callable[[list[str]], Iterable[str]] = iter) -> Difference:
    """Build every entry anew and compare. Nothing is changed."""
    difference = Difference(parked=dict(State.objects.filter(parked=True).values_list("key", "reason")))
    keys = sorted(_content_keys() | set(Document.objects.values_list("key", flat=True)))
    chunk: list[str] = []
    for key in progress(keys):
        chunk.append(key)
        if len(chunk) == CHUNK:
            _compare(chunk, difference)
            chunk = []
    _compare(chunk, difference)
    return difference


def _content_keys() -> set[str]:
    return {f"{source.kind}:{pk}" for source in registry for pk in source.model.objects.values_list("pk", flat=True)}


def _compare(keys: list[str], difference: Difference) -> None:
    wanted = expected(keys)
    present = dict(Document.objects.filter(key__in=keys, gone=False).values_list("id", "hash"))
    difference.looked_at += len(wanted.keys() | present.keys())
    difference.missing += sorted(wanted.keys() - present.keys())
    difference.extra += sorted(present.keys() - wanted.keys())
    difference.stale += sorted(i for i in wanted.keys() & present.keys() if wanted[i].hash != present[i])
