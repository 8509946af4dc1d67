"""What an engine takes by itself: one statement, with the same tokens, and the marks of the same number of hits."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from django.db import connection

from search.engines import postgresql, sqlite
from search.engines.elastic import engine as elastic
from search.engines.elastic.client import client
from search.engines.elastic.mapping import read_alias
from search.results import PER_PAGE
from search.tree import Node

SQLITE = """
SELECT rowid, -rank{marks} FROM search_public
WHERE search_public MATCH %s AND rank MATCH 'bm25({weights})' ORDER BY rank LIMIT %s
"""
WEIGHTS = ", ".join(map(str, (sqlite.STEMS, sqlite.STEMS, sqlite.WORDS, sqlite.WORDS, sqlite.KEYS)))
SQLITE_MARKS = ", highlight(search_public, 0, '[', ']'), snippet(search_public, 1, '[', ']', '', 40)"
POSTGRESQL = """
SELECT number, ts_rank(search_stems, %s::tsquery) AS score{marks} FROM sync_document
WHERE audience = 'public' AND NOT gone AND {condition} ORDER BY score DESC LIMIT %s
"""
POSTGRESQL_MARKS = ", ts_headline('simple', body_words, %s::tsquery)"


def raw_search(tree: Node, limit: int = PER_PAGE) -> dict[int, float]:
    """Rank every match by the engine's own means; return scores by document number, best first; -1: all, no marks."""
    statement, parameters = (_sqlite if connection.vendor == "sqlite" else _postgresql)(tree, limit)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {row[0]: row[1] for row in cursor.fetchall()}


def _sqlite(tree: Node, limit: int) -> tuple[str, list]:
    statement = SQLITE.format(weights=WEIGHTS, marks=SQLITE_MARKS if limit > 0 else "")
    return statement, [sqlite.compile_tree(tree), limit]


def _postgresql(tree: Node, limit: int) -> tuple[str, list]:
    condition, values = postgresql.compile_tree(tree)
    statement = POSTGRESQL.format(condition=condition, marks=POSTGRESQL_MARKS if limit > 0 else "")
    ranked = values[0]
    marks = [ranked] if limit > 0 else []
    return statement, [ranked, *marks, *values, limit if limit > 0 else None]


def main_request(ask: Callable[[], object]) -> dict[str, Any]:
    """Return the body of the request that finds the page of results, of all that a search sends to Elasticsearch."""
    bodies: list[dict[str, Any]] = []
    send = elastic._search

    def record(audience: Any, body: dict[str, Any], deadline: float) -> Any:
        bodies.append(body)
        return send(audience, body, deadline)

    with patch.object(elastic, "_search", record):
        ask()
    return next(body for body in bodies if "collapse" in body)


def raw_request(body: dict[str, Any]) -> list[str]:
    """Send a request by the engine's own client; return the families found, best first."""
    answer = client().search(index=read_alias("public"), **body)
    return [hit["fields"]["family"][0] for hit in answer["hits"]["hits"]]
