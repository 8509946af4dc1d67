"""Who else writes when a key is projected: links and search register here, in that order."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.entries import Entry
from sync.models import Document


@dataclass
class Projection:
    """One key, the version that was read before its content, and what follows from that content."""

    key: str
    version: int
    entries: list[Entry] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)  # by id; none of them is a tombstone


@dataclass
class Changes:
    """What projecting one batch changed for others. Keys in `fanout` are marked in the same transaction."""

    written: dict[str, int] = field(default_factory=dict)  # versions of documents and tombstones
    names_added: list[tuple[str, str]] = field(default_factory=list)  # language, phrase
    fanout: set[str] = field(default_factory=set)


class Projector(ABC):
    """Writes rows derived from entries, inside the transaction that writes their documents."""

    @abstractmethod
    def project(self, batch: Sequence[Projection], changes: Changes) -> None:
        """Write the rows of these keys. A key without entries is gone: its rows go too."""


_projectors: list[Projector] = []


def register(projector: Projector) -> None:
    """Append a projector; the order of registration is the order of work."""
    if not any(type(known) is type(projector) for known in _projectors):
        _projectors.append(projector)


def projectors() -> Sequence[Projector]:
    return tuple(_projectors)
