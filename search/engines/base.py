"""What every engine offers."""

import datetime
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.entries import Audience
from search.tree import Node

MARK = "search_installed_"
CAP = 10_000  # matches that are counted exactly


@dataclass(frozen=True, slots=True)
class Hit:
    """One matching document with what facets, families and order need."""

    number: int
    family: str
    language: str
    keys: str
    date: datetime.date | None
    weight: float
    score: float
    whole: bool = True  # has all the words that were asked


class Engine(ABC):
    """Finds documents of one audience. An engine compiles trees; it decides nothing about access or order of kinds."""

    name: ClassVar[str]

    @abstractmethod
    def search(
        self, tree: Node | None, audience: Audience, title_weight: float = 1.0, limit: int = CAP + 1
    ) -> list[Hit]:
        """Return up to `limit` documents that match, in no order: BM25 of title and text + title_weight x BM25 of the
        title. A tree of None matches everything."""

    @abstractmethod
    def frequencies(self, stems: Sequence[str], audience: Audience) -> dict[str, int]:
        """Return in how many documents each stem occurs."""

    @abstractmethod
    def statements(self) -> list[str]:
        """Return the SQL that creates what the engine keeps in the database and fills it from the documents."""

    @abstractmethod
    def remove(self, connection: Any) -> None:
        """Drop all of it, so that migrations can rebuild the documents' table."""

    @abstractmethod
    def marks(self, connection: Any) -> list[str]:
        """Return the marks in the database: the names of views that begin with `search_installed_`."""

    @abstractmethod
    def faults(self) -> list[str]:
        """Return what differs between the engine's index and the documents; nothing, if they agree."""

    def mark(self) -> str:
        """Return the name of the view that says which form of the index is installed."""
        return f"{MARK}{hashlib.sha256(' '.join(self.statements()).encode()).hexdigest()[:12]}"

    def is_installed(self, connection: Any) -> bool:
        return self.marks(connection) == [self.mark()]

    def install(self, connection: Any) -> None:
        """Put the present form of the index in the place of any other, filled from the documents there are."""
        self.remove(connection)
        with connection.cursor() as cursor:
            for old in self.marks(connection):
                cursor.execute(f"DROP VIEW {old}")
            for statement in self.statements():
                cursor.execute(statement)
            cursor.execute(f"CREATE VIEW {self.mark()} AS SELECT 1 AS form")
