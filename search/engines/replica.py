"""What a search engine outside the database offers to those who keep it in step with the documents.

A replica holds one index for each audience and generation. It never decides what is true: it is told, by version.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sync.models import Document


class ReplicaError(Exception):
    """The replica could not do what it was asked."""


class ReplicaDown(ReplicaError):
    """It does not answer, or refuses everything for now: try again later."""


class ReplicaMissing(ReplicaError):
    """The indices of a generation are not there, and nobody makes them by writing."""


@dataclass(frozen=True)
class Outcome:
    """What became of one document: written, or a newer version known (done); refused for what it is; not now."""

    kind: Literal["done", "refused", "later"]
    reason: str = ""


def hash32(digest: str) -> int:
    """Return the first 32 bits of a document's hexadecimal hash, for sums; 0 for a tombstone, which has none."""
    return int(digest[:8], 16) if digest else 0


class Replica(ABC):
    """A copy of `sync_document` in generations, each proven by its sums before searches read it."""

    @abstractmethod
    def form(self) -> str:
        """Return the hash of mapping and analysis that new generations get."""

    @abstractmethod
    def open(self, generation: int) -> None:
        """Create the empty indices and write aliases of a generation. Nothing happens to those that exist."""

    @abstractmethod
    def put(self, generation: int, documents: Sequence[Document]) -> dict[str, Outcome]:
        """Write documents and tombstones, each only over an older version; return the outcomes by document id.

        Raises ReplicaDown, or ReplicaMissing if the generation is not open.
        """

    @abstractmethod
    def refresh(self, generation: int) -> None:
        """Let sums and searches see all that was written. Raises ReplicaDown, ReplicaMissing."""

    @abstractmethod
    def checksum(self, generation: int, audience: str) -> dict[int, tuple[int, int, int]]:
        """Return by bucket: number of documents, sum of versions, sum of 32-bit hashes; tombstones included."""

    @abstractmethod
    def rows(self, generation: int, audience: str, bucket: int) -> dict[str, tuple[int, int]]:
        """Return version and 32-bit hash of each document and tombstone of a bucket, by document id."""

    @abstractmethod
    def swap(self, generation: int) -> None:
        """Let searches of all audiences read this generation, at one moment."""

    @abstractmethod
    def serving(self) -> int | None:
        """Return the generation that searches of all audiences read."""

    @abstractmethod
    def generations(self) -> list[int]:
        """Return the generations that have an index."""

    @abstractmethod
    def drop(self, generation: int) -> None:
        """Remove a generation; nothing happens if there is none."""
