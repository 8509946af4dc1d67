"""A replica in memory: an engine that can be down, slow, forgetful or choosy, and stopped between any two calls."""

import fnmatch
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.entries import AUDIENCES
from search.engines.replica import Outcome, Replica, ReplicaDown, ReplicaMissing, hash32
from sync.models import Document


@dataclass(frozen=True)
class Stored:
    """What the index has of one document."""

    version: int
    hash: str
    bucket: int
    gone: bool
    words: frozenset[str]

    @classmethod
    def of(cls, document: Document) -> "Stored":
        words = f"{document.title_words} {document.body_words}".split()
        return cls(document.version, document.hash, document.bucket, document.gone, frozenset(words))


@dataclass
class Index:
    """One audience's index of one generation. Sums and searches see what was there at the last refresh."""

    written: dict[str, Stored] = field(default_factory=dict)
    seen: dict[str, Stored] = field(default_factory=dict)

    def some(self, count: int) -> list[tuple[str, Stored]]:
        return sorted(self.written.items())[:count]


class MemoryReplica(Replica):
    """`faults` are patterns of document ids with what a write of them gives; `watch` is told of each call."""

    def __init__(self, form: str = "1") -> None:
        self.mapping = form
        self.indices: dict[int, dict[str, Index]] = {}
        self.aliases: dict[str, int] = {}
        self.is_down = False
        self.faults: dict[str, Outcome] = {}
        self.watch: Callable[[str], None] = lambda point: None

    def heal(self) -> None:
        self.is_down, self.faults, self.watch = False, {}, lambda point: None

    def form(self) -> str:
        return self.mapping

    def open(self, generation: int) -> None:
        with self._call("open"):
            self.indices.setdefault(generation, {audience: Index() for audience in AUDIENCES})

    def put(self, generation: int, documents: Sequence[Document]) -> dict[str, Outcome]:
        with self._call("put"):
            return {document.id: self._put(generation, document) for document in documents}

    def _put(self, generation: int, document: Document) -> Outcome:
        index = self._index(generation, document.id.partition(":")[0])
        for pattern, outcome in self.faults.items():
            if fnmatch.fnmatch(document.id, pattern):
                return outcome
        known = index.written.get(document.id)
        if known is None or known.version <= document.version:
            index.written[document.id] = Stored.of(document)
        return Outcome("done")

    def refresh(self, generation: int) -> None:
        with self._call("refresh"):
            for audience in AUDIENCES:
                index = self._index(generation, audience)
                index.seen = dict(index.written)

    def checksum(self, generation: int, audience: str) -> dict[int, tuple[int, int, int]]:
        with self._call("checksum"):
            sums: dict[int, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
            for stored in self._index(generation, audience).seen.values():
                count, versions, hashes = sums[stored.bucket]
                sums[stored.bucket] = (count + 1, versions + stored.version, hashes + hash32(stored.hash))
            return dict(sums)

    def rows(self, generation: int, audience: str, bucket: int) -> dict[str, tuple[int, int]]:
        with self._call("rows"):
            seen = self._index(generation, audience).seen
            return {doc_id: (s.version, hash32(s.hash)) for doc_id, s in seen.items() if s.bucket == bucket}

    def swap(self, generation: int) -> None:
        with self._call("swap"):
            self._index(generation, AUDIENCES[0])
            self.aliases = dict.fromkeys(AUDIENCES, generation)

    def serving(self) -> int | None:
        with self._call("serving"):
            found = set(self.aliases.values())
            return found.pop() if len(found) == 1 and len(self.aliases) == len(AUDIENCES) else None

    def generations(self) -> list[int]:
        with self._call("generations"):
            return sorted(self.indices)

    def drop(self, generation: int) -> None:
        with self._call("drop"):
            self.indices.pop(generation, None)
            self.aliases = {audience: served for audience, served in self.aliases.items() if served != generation}

    def find(self, word: str, audience: str, generation: int) -> set[str]:
        """Return the ids of the documents of an audience's index that have a word, as they were written."""
        written = self._index(generation, audience).written
        return {doc_id for doc_id, stored in written.items() if not stored.gone and word in stored.words}

    def forget_tombstones(self) -> None:
        """Lose what says that something is gone."""
        for _, index in self.all_indices():
            index.written = {doc_id: stored for doc_id, stored in index.written.items() if not stored.gone}

    def all_indices(self) -> Iterator[tuple[str, Index]]:
        """Yield audience and index, of all generations."""
        return (pair for generation in self.indices.values() for pair in generation.items())

    def _index(self, generation: int, audience: str) -> Index:
        try:
            return self.indices[generation][audience]
        except KeyError:
            raise ReplicaMissing(f"Generation {generation} has no index for {audience}.") from None

    @contextmanager
    def at(self, point: str, happen: Callable[[], None]) -> Iterator[None]:
        """Have something happen, once: `before put`, `after swap`."""
        pending = [happen]

        def watch(now: str) -> None:
            if now == point and pending:
                pending.pop()()

        self.watch = watch
        try:
            yield
        finally:
            self.watch = lambda now: None

    @contextmanager
    def _call(self, name: str) -> Iterator[None]:
        if self.is_down:
            raise ReplicaDown("It is switched off.")
        self.watch(f"before {name}")
        yield
        self.watch(f"after {name}")
