"""PostgreSQL: GIN narrows, BM25 of our own ranks.

`ts_rank` knows no document frequencies. The vectors are made of ready tokens by a trigger: no parser, no dictionary.
A title's tokens stand in them twice, the second time as `^pension`, so that their rarity in titles can be counted.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, starmap
from math import pi
from typing import Any

from django.db import connection

from core.entries import AUDIENCES, Audience
from search.engines.base import CAP, MARK, DatabaseEngine, joined
from search.hits import Hit
from search.tree import WEIGHTS, AllOf, AnyOf, Node, Phrase, Term, Without, terms, title_terms

K1, B = 1.2, 0.75
# Weights of positions: A the title, B the text, D keys. `search_stems` holds stems and keys, `search_words` words.
VECTORS = {"stems": ("search_stems", "AB"), "words": ("search_words", "AB"), "title_words": ("search_words", "A"),
           "keys": ("search_stems", "D")}  # fmt: skip
IN_TITLE = "^"
COLUMNS = "number, id, family, language, keys, date, weight"
HIT = "number, id, family, language, keys, coalesce(date::text, ''), weight"

INSTALL = r"""
ALTER TABLE sync_document ADD COLUMN IF NOT EXISTS search_stems tsvector;
ALTER TABLE sync_document ADD COLUMN IF NOT EXISTS search_words tsvector;
ALTER TABLE sync_document ADD COLUMN IF NOT EXISTS search_size integer;
ALTER TABLE sync_document ADD COLUMN IF NOT EXISTS search_title_size integer;

DROP FUNCTION IF EXISTS search_vector(text, text, integer);
CREATE OR REPLACE FUNCTION search_vector(tokens text, mark text, start integer, prefix text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg('''' || prefix || replace(replace(token, '\', '\\'), '''', '''''') || ''':'
        || least(start + place, 16383) || mark, ' '), '')
    FROM unnest(string_to_array(tokens, ' ')) WITH ORDINALITY AS words (token, place) WHERE token <> ''
$$;

CREATE OR REPLACE FUNCTION search_size(tokens text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_length(string_to_array(nullif(tokens, ''), ' '), 1), 0)
$$;

CREATE OR REPLACE FUNCTION search_vectors() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE title integer := search_size(NEW.title_words);  -- a gap of one keeps phrases within title or text
BEGIN
    IF NEW.gone THEN
        NEW.search_stems := NULL; NEW.search_words := NULL; NEW.search_size := 0; NEW.search_title_size := 0;
    ELSE
        NEW.search_stems := (search_vector(NEW.title_stems, 'A', 0, '')
            || ' ' || search_vector(NEW.body_stems, 'B', title + 1, '')
            || ' ' || search_vector(NEW.title_stems, '', 0, '^')
            || ' ' || search_vector(NEW.keys, '', 0, ''))::tsvector;
        NEW.search_words := (search_vector(NEW.title_words, 'A', 0, '')
            || ' ' || search_vector(NEW.body_words, 'B', title + 1, '')
            || ' ' || search_vector(NEW.title_words, '', 0, '^'))::tsvector;
        NEW.search_title_size := search_size(NEW.title_stems) + title;
        NEW.search_size := search_size(NEW.title_stems) + search_size(NEW.body_stems) + title
            + search_size(NEW.body_words) + search_size(NEW.keys);
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS search_vectors ON sync_document;
CREATE TRIGGER search_vectors BEFORE INSERT OR UPDATE ON sync_document FOR EACH ROW EXECUTE FUNCTION search_vectors();
UPDATE sync_document SET gone = gone;
"""
INDEXES = ("search_stems", "search_words")
# Without a list of words yet to be put in: with one, the planner soon rather reads the whole table.
AUDIENCE_INDEX = (
    "CREATE INDEX IF NOT EXISTS {vector}_{audience} ON sync_document USING gin ({vector}) WITH (fastupdate = off)"
    " WHERE audience = '{audience}' AND NOT gone"
)
REMOVE = """
DROP TRIGGER IF EXISTS search_vectors ON sync_document;
ALTER TABLE IF EXISTS sync_document DROP COLUMN IF EXISTS search_stems, DROP COLUMN IF EXISTS search_words,
    DROP COLUMN IF EXISTS search_size, DROP COLUMN IF EXISTS search_title_size;
DROP FUNCTION IF EXISTS search_vectors();
"""
Condition = tuple[str, list[Any]]  # SQL and its parameters
COUNT = "(SELECT count(*) FROM sync_document WHERE audience = %s AND NOT gone AND {vector} @@ %s::tsquery)"
CAPPED_COUNT = (
    "(SELECT count(*) FROM (SELECT 1 FROM sync_document WHERE audience = %s AND NOT gone AND {vector} @@ %s::tsquery"
    " LIMIT %s) AS found)"
)
# How often a token stands in a document. Of one token `ts_rank` is the sum of 1, 1/4, 1/9 ... up to that number, over
# pi^2/6 (https://www.postgresql.org/docs/15/textsearch-controls.html): read without unpacking a whole vector into rows.
SUMS = list(accumulate(1 / n**2 for n in range(1, 41)))  # more often says no more
TIMES = f"width_bucket(ts_rank('{{1,1,1,1}}', vector, query)::float8 * {pi**2 / 6} + 1e-4, ARRAY{SUMS})"
SCORED = """
WITH hits AS MATERIALIZED (
    SELECT {columns}, search_stems, search_words, search_size, search_title_size FROM sync_document
    WHERE audience = %s AND NOT gone AND {condition} LIMIT %s
), mean AS (
    SELECT count(*) AS total, greatest(avg(search_size), 1) AS size, greatest(avg(search_title_size), 1) AS title_size
    FROM sync_document WHERE audience = %s AND NOT gone
), asked AS MATERIALIZED (
    SELECT counted.*, factor * ({k} + 1) * greatest(ln((total - found + 0.5)::float / (found + 0.5)), 1e-6) AS value
    FROM mean, (VALUES {asked}) AS counted (query, of_stems, in_title, weight, factor, found) WHERE found > 0
)
SELECT {hit}, coalesce((
    SELECT sum(value * f / (f + {k} * (1 - {b} + {b} * size))) FROM (
        SELECT value, weight * {times} AS f, size FROM (
            SELECT asked.*, CASE WHEN of_stems THEN search_stems ELSE search_words END AS vector,
                CASE WHEN in_title THEN search_title_size / title_size ELSE search_size / mean.size END AS size
            FROM asked
        ) AS looked_at
    ) AS counted
), 0)::float FROM hits, mean
"""


class PostgreSQLEngine(DatabaseEngine):
    """BM25 over the tokens of the question, computed on the documents that GIN finds."""

    name = "postgresql"

    def matches(
        self, tree: Node | None, audience: Audience, title_weight: float = 1.0, limit: int = CAP + 1
    ) -> list[Hit]:
        if tree is None:
            query = f"SELECT {HIT}, 0.0::float FROM sync_document WHERE audience = %s AND NOT gone LIMIT %s"
            return _hits(query, [audience, limit])
        condition = compile_tree(tree)
        asked = self._asked(tree, audience, title_weight)
        hits = self._scored(condition, asked, audience, limit)
        if len(hits) < limit:
            return hits
        # There are more: the first ones found serve for counting, but those that score best must be among them.
        sql, values = self._likeliest(tree, audience, limit)
        best = self._scored((f"{condition[0]} AND {sql}", condition[1] + values), asked, audience, limit // 2)
        return joined(best, hits)[:limit]

    def _scored(self, condition: Condition, asked: Condition, audience: Audience, limit: int) -> list[Hit]:
        query = SCORED.format(columns=COLUMNS, hit=HIT, condition=condition[0], asked=asked[0], times=TIMES, k=K1, b=B)
        return _hits(query, [audience, *condition[1], limit, audience, *asked[1]])

    def _likeliest(self, tree: Node, audience: Audience, limit: int) -> Condition:
        """Return the condition that a word stands in the title, or one that fewer documents have anywhere."""
        titles = [(VECTORS[term.field][0], IN_TITLE + term.token) for term in title_terms(tree)]
        wanted = [(VECTORS[term.field][0], term.token) for term in terms(tree) if not term.prefix]
        counts = self._capped_counts(wanted, audience, limit)
        rare = [token for token, count in zip(wanted, counts, strict=True) if count < limit]
        sql = " OR ".join(f"{vector} @@ %s::tsquery" for vector, _ in [*titles, *rare])
        return f"({sql or 'FALSE'})", [_quoted(token) for _, token in [*titles, *rare]]

    def _capped_counts(self, tokens: Sequence[tuple[str, str]], audience: Audience, limit: int) -> list[int]:
        """Return in how many documents each token of a vector stands, counting up to `limit`."""
        if not tokens:
            return []
        counts = ", ".join(CAPPED_COUNT.format(vector=vector) for vector, _ in tokens)
        parameters = [value for _, token in tokens for value in (audience, _quoted(token), limit)]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {counts}", parameters)
            return list(cursor.fetchone())

    def _asked(self, tree: Node, audience: Audience, title_weight: float) -> Condition:
        """Return the rows of the tokens that score, with the number of documents that have them, and parameters."""
        rows, parameters = (
            ["(NULL::tsquery, TRUE, FALSE, 0.0, 0.0, 0)"],
            [],
        )  # a tree of beginnings alone scores nothing
        scoring = [(term, False, 1.0) for term in terms(tree) if not term.prefix]
        scoring += [(term, True, title_weight) for term in title_terms(tree)]
        for (term, in_title, factor), times in Counter(scoring).items():
            vector, token = VECTORS[term.field][0], IN_TITLE * in_title + term.token
            count = COUNT.format(vector=vector)
            stems = vector == "search_stems"
            rows.append(f"(%s::tsquery, {stems}, {in_title}, {WEIGHTS[term.field]}, %s::float, {count})")
            parameters += [_quoted(token), factor * times, audience, _quoted(token)]
        return ", ".join(rows), parameters

    def frequencies(self, stems: Sequence[str], audience: Audience) -> dict[str, int]:
        if not stems:
            return {}
        counts = ", ".join(COUNT.format(vector="search_stems") for _ in stems)
        parameters = [value for stem in stems for value in (audience, _quoted(stem))]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {counts}", parameters)
            return dict(zip(stems, cursor.fetchone(), strict=True))

    def selection(self, tree: Node, audience: Audience, column: str = "number") -> Condition:
        condition, values = compile_tree(tree)
        return (
            f"SELECT {column} FROM sync_document WHERE audience = %s AND NOT gone AND {condition}",
            [audience, *values],
        )

    def word_frequencies(self, words: Sequence[str], audience: Audience) -> dict[str, int]:
        if not words:
            return {}
        query = (
            "SELECT word, (SELECT count(*) FROM (SELECT 1 FROM sync_document WHERE audience = %s AND NOT gone"
            " AND search_words @@ token::tsquery LIMIT %s) AS found)"
            " FROM unnest(%s::text[], %s::text[]) AS asked (word, token)"
        )
        with connection.cursor() as cursor:
            cursor.execute(query, [audience, CAP, list(words), [_quoted(word) for word in words]])
            return dict(cursor.fetchall())

    def statements(self) -> list[str]:
        indexes = [AUDIENCE_INDEX.format(vector=v, audience=a) for a in AUDIENCES for v in INDEXES]
        return [INSTALL, *indexes]

    def marks(self, connection: Any) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT viewname FROM pg_views WHERE left(viewname, %s) = %s", [len(MARK), MARK])
            return [name for (name,) in cursor.fetchall()]

    def remove(self, connection: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(REMOVE)

    def gaps(self) -> int:
        return len(self.faults())

    def faults(self) -> list[str]:
        """Compare each document's vectors with its state: their content is the trigger's, in the same row."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM sync_document WHERE NOT gone AND (search_stems IS NULL OR search_words IS NULL)"
                " OR gone AND search_stems IS NOT NULL"
            )
            return [f"{doc_id}: vectors do not fit its state" for (doc_id,) in cursor.fetchall()]


def _hits(query: str, parameters: list[Any]) -> list[Hit]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(starmap(Hit, cursor.fetchall()))


def compile_tree(node: Node) -> Condition:
    """Return the SQL condition of a tree and its parameters."""
    match node:
        case Term(field, token, prefix):
            vector, marks = VECTORS[field]
            return f"{vector} @@ %s::tsquery", [f"{_quoted(token)}:{'*' if prefix else ''}{marks}"]
        case Phrase(field, tokens):
            vector, marks = VECTORS[field]
            return f"{vector} @@ %s::tsquery", [" <-> ".join(f"{_quoted(token)}:{marks}" for token in tokens)]
        case AllOf(nodes) | AnyOf(nodes):
            compiled = [compile_tree(child) for child in nodes]
            word = " AND " if isinstance(node, AllOf) else " OR "
            return "(" + word.join(sql for sql, _ in compiled) + ")", [v for _, values in compiled for v in values]
        case Without(wanted, unwanted):
            base, values = compile_tree(wanted) if wanted else ("TRUE", [])
            sql, others = compile_tree(unwanted)
            return f"({base} AND NOT {sql})", values + others
    raise TypeError(f"No node of a search tree: {node!r}")


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
