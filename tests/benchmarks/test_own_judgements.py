"""The judged queries on our own content: complete, balanced, and about things that `content/` holds."""

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content"
OWN = ROOT / "benchmarks" / "relevance" / "own"
LANGUAGES = ("en", "fr", "es")
TYPES = {
    "keywords": 6, "country": 6, "instrument": 4, "question": 4, "cross": 4, "acronym": 2, "misspelled": 2, "title": 2,
}  # fmt: skip
KEYS = {
    "resource": ("resources.csv", "id"),
    "country": ("countries.csv", "iso3"),
    "theme": ("themes.csv", "slug"),
    "term": ("glossary/terms-*.csv", "concept_id"),
    "question": ("questions.csv", "number"),
    "expert": ("experts.csv", "slug"),
}


def rows(pattern: str) -> list[dict[str, str]]:
    """Return the rows of all files of `content/` that match."""
    paths = sorted(CONTENT.glob(pattern))
    assert paths, f"no {pattern} in {CONTENT}"
    return [row for path in paths for row in csv.DictReader(path.read_text("utf-8").splitlines(keepends=True))]


@pytest.fixture(scope="module")
def queries() -> list[dict]:
    return [json.loads(line) for line in (OWN / "queries.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def lines() -> list[list[str]]:
    return [line.split("\t") for line in (OWN / "qrels.tsv").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def scores(lines: list[list[str]]) -> dict[str, dict[str, str]]:
    """Return the scores as written, by query and item."""
    judged: dict[str, dict[str, str]] = defaultdict(dict)
    for query, item, score in lines[1:]:
        judged[query][item] = score
    return judged


def editions() -> list[set[str]]:
    """Return the works that the library holds in several languages, as sets of items."""
    works: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows("works.csv"):
        works["work", row["work"]].add(f"resource/{row['resource']}")
    for row in rows("resources.csv"):
        if row["type"] == "international-instrument" and row["number"]:
            works["instrument", row["number"]].add(f"resource/{row['id']}")
    return [items for items in works.values() if len(items) > 1]


def test_ninety_queries_each_written_once(queries: list[dict]) -> None:
    expected = [f"{language}-{number:02d}" for language in LANGUAGES for number in range(1, 31)]
    assert [query["_id"] for query in queries] == expected
    assert len({query["text"].casefold() for query in queries}) == 90
    assert all(query["text"] == query["text"].strip() != "" for query in queries)
    assert all(query["metadata"]["language"] == query["_id"][:2] for query in queries)


def test_each_language_and_type_is_in_both_halves_alike(queries: list[dict]) -> None:
    found = Counter(tuple(query["metadata"][name] for name in ("language", "type", "half")) for query in queries)
    halves = ("tune", "report")
    assert found == {
        (language, kind, half): number // 2
        for language in LANGUAGES
        for kind, number in TYPES.items()
        for half in halves
    }


def test_every_line_is_a_grade_for_one_pair(queries: list[dict], lines: list[list[str]]) -> None:
    assert lines[0] == ["query-id", "corpus-id", "score"]
    assert [line for line in lines[1:] if len(line) != 3 or line[2] not in ("1", "2", "3")] == []
    pairs = Counter((query, item) for query, item, _ in lines[1:])
    assert [pair for pair, times in pairs.items() if times > 1] == []
    assert {query for query, _ in pairs} == {query["_id"] for query in queries}


def test_every_query_has_something_that_was_just_asked(scores: dict[str, dict[str, str]]) -> None:
    assert [query for query, judged in scores.items() if "3" not in judged.values()] == []


def test_every_item_is_in_the_content(lines: list[list[str]]) -> None:
    known = {f"{kind}/{row[column]}" for kind, (pattern, column) in KEYS.items() for row in rows(pattern)}
    assert sorted({item for _, item, _ in lines[1:]} - known) == []


def test_language_does_not_change_a_grade(scores: dict[str, dict[str, str]]) -> None:
    uneven = {
        (query, item): judged.get(item)
        for work in editions()
        for query, judged in scores.items()
        for item in work
        if len({judged.get(edition) for edition in work}) > 1
    }
    assert uneven == {}
