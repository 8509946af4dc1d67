"""SQLite FTS5: for each audience external-content tables over `sync_document`, kept by triggers: all of it, titles.

Titles have a table of their own, since `bm25()` weighs rarity and length by the whole row of a table.

https://www.sqlite.org/fts5.html . The tokens are ready: the tokenizer only splits at spaces.
"""

from collections.abc import Sequence
from itertools import starmap
from typing import Any

from django.db import DatabaseError, connection

from core.entries import AUDIENCES, Audience
from search.engines.base import CAP, MARK, DatabaseEngine, joined
from search.hits import Hit
from search.tree import WEIGHTS, AllOf, AnyOf, Node, Phrase, Term, Without, title_terms

COLUMNS = {
    "search_{audience}": ("title_stems", "body_stems", "title_words", "body_words", "keys"),
    "search_{audience}_titles": ("title_stems", "title_words"),
}
FIELDS = {
    "stems": "{title_stems body_stems}",
    "words": "{title_words body_words}",
    "title_words": "title_words",
    "keys": "keys",
}
STEMS, WORDS, KEYS = WEIGHTS["stems"], WEIGHTS["words"], WEIGHTS["keys"]
# Everything but quotes belongs to a token, so that gb.303/17 and country:sen stay whole.
TOKEN_CHARACTERS = "!#$%&()*+,-./:;<=>?@[\\]^_`{|}~"
BEST = 200  # matches that are surely found where there are more than can be looked at
OPERATIONS = ("INSERT", "UPDATE", "DELETE")
HIT = "d.number, d.id, d.family, d.language, d.keys, coalesce(d.date, ''), d.weight"
# All that a hit needs stands in one index: thousands of rows, each with its texts, would be looked up for it otherwise.
HITS = "sync_document AS d INDEXED BY search_hits"
HITS_INDEX = (
    "CREATE INDEX search_hits ON sync_document (audience, number, id, family, language, keys, date, weight, gone)"
    " WHERE NOT gone"
)
# `docsize` is FTS5's own table with a row for each document (https://www.sqlite.org/fts5.html#fts5_data_structures).
# What it holds too much is all its rows but those of documents that it does not lack.
GAPS = (
    "2 * (SELECT count(*) FROM {table}_content WHERE NOT EXISTS (SELECT 1 FROM {table}_docsize WHERE id = number))"
    " + (SELECT count(*) FROM {table}_docsize) - (SELECT count(*) FROM {table}_content)"
)


class SQLiteEngine(DatabaseEngine):
    """BM25 by FTS5."""

    name = "sqlite"

    def matches(
        self, tree: Node | None, audience: Audience, title_weight: float = 1.0, limit: int = CAP + 1
    ) -> list[Hit]:
        if tree is None:
            query = f"SELECT {HIT}, 0.0 FROM {HITS} WHERE d.audience = %s AND NOT d.gone LIMIT %s"
            return _hits(query, [audience, limit])
        hits = self._scored(tree, audience, title_weight, "", limit)
        if len(hits) < limit:
            return hits
        # There are more: the first ones found serve for counting, but those that score best must be among them.
        best = self._scored(tree, audience, title_weight, "ORDER BY score DESC", min(BEST, limit))
        return joined(best, hits)[:limit]

    def _scored(self, tree: Node, audience: Audience, title_weight: float, order: str, limit: int) -> list[Hit]:
        table, titles = f"search_{audience}", f"search_{audience}_titles"
        score = f"-bm25({table}, {STEMS}, {STEMS}, {WORDS}, {WORDS}, {KEYS}) - %s * coalesce(titles.score, 0.0)"
        query = (
            f"WITH titles AS MATERIALIZED (SELECT rowid AS number, bm25({titles}, {STEMS}, {WORDS}) AS score"
            f" FROM {titles} WHERE {titles} MATCH %s),"
            f" found AS MATERIALIZED (SELECT {table}.rowid AS number, {score} AS score FROM {table}"
            f" LEFT JOIN titles ON titles.number = {table}.rowid WHERE {table} MATCH %s {order} LIMIT %s)"
            f" SELECT {HIT}, found.score FROM found CROSS JOIN {HITS} ON d.number = found.number"
            " WHERE d.audience = %s AND NOT d.gone"
        )
        return _hits(query, [_titles(tree), title_weight, compile_tree(tree), limit, audience])

    def frequencies(self, stems: Sequence[str], audience: Audience) -> dict[str, int]:
        if not stems:
            return {}
        places = ", ".join(["%s"] * len(stems))
        query = (
            f"SELECT term, SUM(doc) FROM search_{audience}_vocabulary WHERE term IN ({places})"
            " AND col IN ('title_stems', 'body_stems') GROUP BY term"
        )
        with connection.cursor() as cursor:
            cursor.execute(query, list(stems))
            return {term: int(count) for term, count in cursor.fetchall()}

    def selection(self, tree: Node, audience: Audience, column: str = "number") -> tuple[str, list[Any]]:
        table = f"search_{audience}"
        numbers = f"SELECT rowid FROM {table} WHERE {table} MATCH %s"
        wanted = numbers if column == "number" else f"SELECT {column} FROM sync_document WHERE number IN ({numbers})"
        return wanted, [compile_tree(tree)]

    def word_frequencies(self, words: Sequence[str], audience: Audience) -> dict[str, int]:
        if not words:
            return {}
        query = (
            f"SELECT term, MAX(doc) FROM search_{audience}_vocabulary WHERE term IN ({', '.join(['%s'] * len(words))})"
            " AND col IN ('title_words', 'body_words') GROUP BY term"
        )
        with connection.cursor() as cursor:
            cursor.execute(query, list(words))
            return {word: min(count, CAP) for word, count in cursor.fetchall()}

    def statements(self) -> list[str]:
        tables = [
            statement
            for audience in AUDIENCES
            for name, columns in COLUMNS.items()
            for statement in _statements(name.format(audience=audience), audience, columns)
        ]
        return [HITS_INDEX, *tables]

    def marks(self, connection: Any) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'view' AND substr(name, 1, %s) = %s", [len(MARK), MARK]
            )
            return [name for (name,) in cursor.fetchall()]

    def remove(self, connection: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS search_hits")
            for table in _tables():
                for operation in OPERATIONS:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{operation.lower()}")
                cursor.execute(f"DROP TABLE IF EXISTS {table}_vocabulary")
                cursor.execute(f"DROP TABLE IF EXISTS {table}")
                cursor.execute(f"DROP VIEW IF EXISTS {table}_content")

    def gaps(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + " + ".join(GAPS.format(table=table) for table in _tables()))
            return cursor.fetchone()[0]

    def faults(self) -> list[str]:
        found = []
        with connection.cursor() as cursor:
            for table in _tables():
                try:
                    cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
                except DatabaseError as error:
                    found.append(f"{table}: {error}")
        return found


def _hits(query: str, parameters: list[Any]) -> list[Hit]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(starmap(Hit, cursor.fetchall()))


def _tables() -> list[str]:
    return [name.format(audience=audience) for audience in AUDIENCES for name in COLUMNS]


def _statements(table: str, audience: str, names: Sequence[str]) -> list[str]:
    """Return what creates one full-text table and its triggers."""
    columns = ", ".join(names)
    old, new = (", ".join(f"{row}.{column}" for column in names) for row in ("OLD", "NEW"))
    add = (
        f"INSERT INTO {table} (rowid, {columns}) SELECT NEW.number, {new}"
        f" WHERE NEW.audience = '{audience}' AND NOT NEW.gone;"
    )
    take = (
        f"INSERT INTO {table} ({table}, rowid, {columns}) SELECT 'delete', OLD.number, {old}"
        f" WHERE OLD.audience = '{audience}' AND NOT OLD.gone;"
    )
    triggers = [
        f"CREATE TRIGGER {table}_{operation.lower()} AFTER {operation} ON sync_document BEGIN {body} END"
        for operation, body in zip(OPERATIONS, (add, take + add, take), strict=True)
    ]
    return [
        f"CREATE VIEW {table}_content AS SELECT number, {columns} FROM sync_document"
        f" WHERE audience = '{audience}' AND NOT gone",
        f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, content='{table}_content', content_rowid='number',"
        f" tokenize=\"ascii tokenchars '{TOKEN_CHARACTERS}'\")",
        f"CREATE VIRTUAL TABLE {table}_vocabulary USING fts5vocab('{table}', 'col')",
        *triggers,
        f"INSERT INTO {table} ({table}) VALUES ('rebuild')",
    ]


def _titles(tree: Node) -> str:
    """Return the FTS5 expression of the words that count again in titles; one that finds nothing if there are none."""
    found = [f"{_title_column(term)} : {_quoted(term.token)}" for term in title_terms(tree)]
    return " OR ".join(found) or '""'


def _title_column(term: Term) -> str:
    return "title_stems" if term.field == "stems" else "title_words"


def compile_tree(node: Node) -> str:
    """Return the FTS5 expression of a tree. Tokens are quoted strings: no syntax of a question gets through."""
    match node:
        case Term(field, token, prefix):
            return f"{FIELDS[field]} : {_quoted(token)}{' *' if prefix else ''}"
        case Phrase(field, tokens):
            return f"{FIELDS[field]} : {_quoted(' '.join(tokens))}"
        case AllOf(nodes):
            return "(" + " AND ".join(compile_tree(child) for child in nodes) + ")"
        case AnyOf(nodes):
            return "(" + " OR ".join(compile_tree(child) for child in nodes) + ")"
        case Without(wanted, unwanted):
            # FTS5 has no "everything": every document has a key of its kind.
            base = compile_tree(wanted) if wanted else 'keys : "kind:" *'
            return f"({base} NOT {compile_tree(unwanted)})"
    raise TypeError(f"No node of a search tree: {node!r}")


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'
