"""Comparing the documents with what the content should give now, both ways, by hash."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Cast, StrIndex, Substr

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

    def different_keys(self) -> list[str]:
        """Return the keys of the documents that differ."""
        ids = [*self.missing, *self.stale, *self.extra]
        return sorted({":".join(doc_id.split(":")[1:3]) for doc_id in ids})

    def keys(self) -> list[str]:
        """Return the keys to project again."""
        return sorted({*self.different_keys(), *self.parked})


def compare(keys: Iterable[str] | None = None, progress: Callable[[list[str]], Iterable[str]] = iter) -> Difference:
    """Build the entries of these keys, or of all, anew and compare. Nothing is changed."""
    difference = Difference(parked=dict(State.objects.filter(parked=True).values_list("key", "reason")))
    wanted = sorted(set(_content_keys()) | set(_document_keys())) if keys is None else sorted(set(keys))
    chunk: list[str] = []
    for key in progress(wanted):
        chunk.append(key)
        if len(chunk) == CHUNK:
            _compare(chunk, difference)
            chunk = []
    _compare(chunk, difference)
    return difference


def keys_of_turn(turn: int, turns: int) -> list[str]:
    """Return the keys whose number leaves the remainder `turn` when divided by `turns`: every key once in `turns`."""
    number = Cast(Substr("key", StrIndex("key", Value(":")) + 1), BigIntegerField())
    documents = Document.objects.alias(turn=number % Value(turns)).filter(turn=turn)
    return sorted({*_content_keys(turn, turns), *documents.values_list("key", flat=True)})


def _content_keys(turn: int = 0, turns: int = 1) -> Iterator[str]:
    for source in registry:
        rows = source.model.objects.alias(turn=F("pk") % Value(turns)).filter(turn=turn)
        yield from (f"{source.kind}:{pk}" for pk in rows.values_list("pk", flat=True))


def _document_keys() -> Iterator[str]:
    yield from Document.objects.values_list("key", flat=True).distinct()


def _compare(keys: list[str], difference: Difference) -> None:
    wanted = expected(keys)
    present = dict(Document.objects.filter(key__in=keys, gone=False).values_list("id", "hash"))
    difference.looked_at += len(wanted.keys() | present.keys())
    difference.missing += sorted(wanted.keys() - present.keys())
    difference.extra += sorted(present.keys() - wanted.keys())
    difference.stale += sorted(i for i in wanted.keys() & present.keys() if wanted[i].hash != present[i])
