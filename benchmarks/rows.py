"""Ready rows put into an index of the same form: what R1 compares a rebuild with. Needs Django set up."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import islice

from django.conf import settings
from django.db import connection, transaction

from core.entries import AUDIENCES
from search.engines import database_engine
from search.engines.elastic import mapping
from search.engines.elastic.client import client
from search.engines.postgresql import AUDIENCE_INDEX, INDEXES
from search.shipping import BATCH
from sync.models import Document

FULL_TEXT = re.compile(r"CREATE VIRTUAL TABLE (\w+) USING fts5\(([^=]+), content=")
CREATED = re.compile(r"CREATE (VIEW|VIRTUAL TABLE) (\w+_content|\w+) (?:AS|USING fts5\()")
TABLE = "bench_document"


class Rows(ABC):
    """A second index beside the one that searches read."""

    @abstractmethod
    def load(self) -> None:
        """Fill it from the documents. It must not be there."""

    @abstractmethod
    def drop(self) -> None:
        """Take it away; nothing happens if it is not there."""

    @abstractmethod
    def matches(self, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
        """Return for each word how many of the staff's documents have it: in the index in use, and in this one."""


class FullText(Rows):
    """Tables of FTS5, filled from the tokens in one transaction, without triggers."""

    def load(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in database_engine().statements():
                ready = statement.replace("search_", "bench_")
                if statement.startswith("CREATE VIEW"):
                    cursor.execute(ready)
                elif table := FULL_TEXT.match(ready):
                    cursor.execute(ready)
                    name, columns = table.groups()
                    cursor.execute(
                        f"INSERT INTO {name} (rowid, {columns}) SELECT number, {columns} FROM {name}_content"
                    )

    def drop(self) -> None:
        with connection.cursor() as cursor:
            for statement in database_engine().statements():
                if found := CREATED.match(statement):
                    kind, name = found.groups()
                    kind = "VIEW" if kind == "VIEW" else "TABLE"
                    cursor.execute(f"DROP {kind} IF EXISTS {name.replace('search_', 'bench_')}")

    def matches(self, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
        count = "(SELECT count(*) FROM {0}_staff WHERE {0}_staff MATCH %s)"
        query = f"SELECT {count.format('search')}, {count.format('bench')}"
        with connection.cursor() as cursor:
            return tuple(cursor.execute(query, [f'"{word}"'] * 2).fetchone() for word in words)


class Vectors(Rows):
    """A table of PostgreSQL with ready vectors, and the same indexes."""

    def load(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {TABLE} AS SELECT * FROM sync_document")
            for audience in AUDIENCES:
                for vector in INDEXES:
                    create = AUDIENCE_INDEX.format(vector=vector, audience=audience)
                    ready = create.replace("sync_document", TABLE).replace("EXISTS search_", "EXISTS bench_")
                    cursor.execute(ready)

    def drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")

    def matches(self, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
        count = "(SELECT count(*) FROM {} WHERE audience = 'staff' AND NOT gone AND search_words @@ %s::tsquery)"
        query = f"SELECT {count.format('sync_document')}, {count.format(TABLE)}"
        found = []
        with connection.cursor() as cursor:
            for word in words:
                cursor.execute(query, [f"'{word}'"] * 2)
                found.append(cursor.fetchone())
        return tuple(found)


class Indices(Rows):
    """Indices of Elasticsearch, written in requests as large as ours, and refreshed once."""

    def load(self) -> None:
        for audience in AUDIENCES:
            rows = Document.objects.filter(audience=audience).order_by("number").iterator(chunk_size=BATCH)
            name = self._name(audience)
            index = {**mapping.INDEX, "number_of_replicas": settings.ELASTICSEARCH_REPLICAS}
            client().indices.create(index=name, settings=index, mappings=mapping.MAPPING)
            for part in _parts(rows):
                lines = [line for row in part for line in ({"index": {"_id": row.id}}, mapping.body(row))]
                if client().bulk(index=name, operations=lines)["errors"]:
                    raise RuntimeError("Elasticsearch did not take all ready rows: look at its log.")
            client().indices.refresh(index=name)

    def drop(self) -> None:
        for audience in AUDIENCES:
            client().indices.delete(index=self._name(audience), ignore_unavailable=True)

    def matches(self, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
        names = (mapping.read_alias("staff"), self._name("staff"))
        queries = [{"bool": {"filter": [{"term": {"words": word}}, {"term": {"gone": False}}]}} for word in words]
        return tuple(tuple(client().count(index=name, query=query)["count"] for name in names) for query in queries)

    def _name(self, audience: str) -> str:
        return f"{settings.ELASTICSEARCH_PREFIX}ready-{audience}"


def ready_rows() -> Rows:
    """Return the rows of the engine that the settings name."""
    if settings.ELASTICSEARCH_URL:
        return Indices()
    return FullText() if connection.vendor == "sqlite" else Vectors()


def _parts(rows: Iterator[Document]) -> Iterator[list[Document]]:
    while part := list(islice(rows, BATCH)):
        yield part
