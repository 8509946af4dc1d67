"""What every engine answers, and what an engine inside the database shares with the other one."""

import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import connection, transaction

from core.entries import Audience
from core.planner import count_tables
from search.facets import facet
from search.hits import Hit
from search.ranking import in_order
from search.tree import Node

MARK = "search_installed_"
CAP = 10_000  # matches that are counted exactly


@dataclass(frozen=True)
class Question:
    """One page of results, as an engine is asked for it."""

    tree: Node | None  # what a hit must match; None: everything
    audience: Audience = "public"
    wider: Node | None = None  # what matches only this comes after all that match `tree`
    first: frozenset[str] = frozenset()  # tokens of `keys`: documents that have one come before all others
    title_weight: float = 1.0  # score = BM25 of title and text + title_weight x BM25 of the title
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # any value of a filter, all filters
    languages: tuple[str, ...] = ()  # of a family the edition in the first of these is shown, else the best match
    sort: str = "relevance"  # or "newest"
    start: int = 0
    size: int = 20


@dataclass(frozen=True)
class Found:
    """What answers a question. Works are counted, not their editions: one hit of each family."""

    ids: list[str]  # of documents, best first, from `start` on
    count: int = 0  # works that match and pass the filters
    matched: int = 0  # works that match `tree`, whatever the filters say
    exact: bool = True  # no more than `CAP` documents match, so that the counts are right
    counts: Mapping[str, Counter[str]] = field(default_factory=dict)  # by filter and value, that filter itself aside


def joined(best: Sequence[Hit], others: Sequence[Hit]) -> list[Hit]:
    """Return the best hits and then the others, each document once."""
    known = {hit.number for hit in best}
    return [*best, *(hit for hit in others if hit.number not in known)]


class EngineDown(Exception):
    """The engine did not answer in time, or not in order: the database answers instead."""


class Engine(ABC):
    """Finds documents of one audience. An engine compiles trees; it decides nothing about words or access.

    An object lives as long as one request, in which the same is asked several times: with other filters, or as a part.
    """

    name: ClassVar[str]
    degraded: bool = False  # answers in the place of a better one that is down

    def __init__(self) -> None:
        self._answers: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what `make` gave the first time it was wanted under this key."""
        if key not in self._answers:
            self._answers[key] = make()
        return self._answers[key]

    @abstractmethod
    def find(self, question: Question) -> Found:
        """Answer a question."""

    @abstractmethod
    def frequencies(self, stems: Sequence[str], audience: Audience) -> dict[str, int]:
        """Return in how many documents each stem occurs."""


class DatabaseEngine(Engine):
    """An engine whose index is in the database itself, in step with the documents at every commit."""

    @abstractmethod
    def matches(
        self, tree: Node | None, audience: Audience, title_weight: float = 1.0, limit: int = CAP + 1
    ) -> list[Hit]:
        """Return up to `limit` documents that match, in no order, with their scores."""

    @abstractmethod
    def selection(self, tree: Node, audience: Audience, column: str = "number") -> tuple[str, list[Any]]:
        """Return the SELECT of one column of all documents that match, in no order, and its parameters."""

    def numbers(self, tree: Node, audience: Audience, limit: int) -> list[int]:
        """Return the numbers of up to `limit` documents that match, the last added first, without scores."""
        selection, parameters = self.selection(tree, audience)
        with connection.cursor() as cursor:
            cursor.execute(f"{selection} ORDER BY 1 DESC LIMIT %s", [*parameters, limit])
            return [number for (number,) in cursor.fetchall()]

    @abstractmethod
    def word_frequencies(self, words: Sequence[str], audience: Audience) -> dict[str, int]:
        """Return in how many documents each unstemmed word occurs, counting up to `CAP`; 0 may be left out."""

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
    def gaps(self) -> int:
        """Return how many documents the index lacks or holds too much: quickly, by rows, without texts."""

    @abstractmethod
    def faults(self) -> list[str]:
        """Return what differs between the engine's index and the documents; nothing, if they agree."""

    def find(self, question: Question) -> Found:
        """Answer in Python over the matches: at most `CAP` of them are looked at."""
        hits = list(self._matches_once(question.tree, question))
        matched = len({hit.family for hit in hits})
        if question.wider:
            known = {hit.number for hit in hits}
            others = self._matches_once(question.wider, question)
            hits += [hit._replace(whole=False) for hit in others if hit.number not in known]
        faceted = facet(hits, question.filters)
        ranked = in_order(faceted.hits, question.first, question.languages, question.sort)
        page = ranked[question.start : question.start + question.size]
        return Found([hit.id for hit in page], len(ranked), matched, len(hits) <= CAP, faceted.counts)

    def _matches_once(self, tree: Node | None, question: Question) -> list[Hit]:
        asked = (tree, question.audience, question.title_weight)
        return self.once(asked, lambda: self.matches(*asked))

    def mark(self) -> str:
        """Return the name of the view that says which form of the index is installed."""
        return f"{MARK}{hashlib.sha256(' '.join(self.statements()).encode()).hexdigest()[:12]}"

    def is_installed(self, connection: Any) -> bool:
        return self.marks(connection) == [self.mark()]

    def install(self, connection: Any) -> None:
        """Put the present form of the index in the place of any other, filled from the documents there are.

        In one transaction: searches wait for it instead of meeting half an index, and two installations follow each
        other.
        """
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            self.remove(connection)
            for old in self.marks(connection):
                cursor.execute(f"DROP VIEW {old}")
            for statement in self.statements():
                cursor.execute(statement)
            cursor.execute(f"CREATE VIEW {self.mark()} AS SELECT 1 AS form")
        count_tables(connection.alias)
