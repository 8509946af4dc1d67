"""A question as the body of one request: query, order, one hit of each work, filters, counts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.nine import BRANCHES
from search.engines.base import CAP, Question
from search.engines.elastic.compiling import compile_tree, title_queries
from search.facets import DECADES, span_of
from search.query import FILTERS
from search.tree import Node

WINDOW = 10_000  # hits that Elasticsearch pages through
VALUES = 500  # of one facet
PRECISION = 40_000  # the most there is: works are counted exactly up to some hundred, then off by 3 in 10,000 or so
# Above any sum of BM25 scores, and low enough that a float of 32 bits still tells hits apart.
WHOLE, FIRST = 4_096.0, 16_384.0

Clause = dict[str, Any]
LIVE: Clause = {"term": {"gone": False}}
FIELDS: dict[str, Any] = {"source": False, "docvalue_fields": ["id", "family", "language"]}


def of(question: Question) -> dict[str, Any]:
    """Return the request that answers a question."""
    filters = _filters(question)
    size = max(0, min(question.size, WINDOW - question.start))
    return {
        "query": _query(question),
        "post_filter": _all(filters.values()),
        "sort": _sort(question.sort),
        "collapse": {"field": "family"},
        "from": question.start if size else 0,
        "size": size,
        "track_total_hits": CAP + 1,
        **FIELDS,
        "aggs": _aggregations(question, filters),
    }


def of_editions(question: Question, families: Sequence[str]) -> dict[str, Any]:
    """Return the request for the editions of these works that match, in the languages asked for.

    Asked only for works whose best match is in another language: as part of the first request, hit by hit, it would
    take several times as long as all the rest.
    """
    matching = [compile_tree(tree).to_dict() for tree in _trees(question)]
    conditions = [
        LIVE,
        {"terms": {"family": list(families)}},
        {"terms": {"language": list(question.languages)}},
        {"bool": {"should": matching, "minimum_should_match": 1}},
        *_filters(question).values(),
    ]
    return {"query": _all(conditions), "sort": [{"number": {"order": "asc"}}], "size": WINDOW, **FIELDS}


def of_frequencies(stems: Sequence[str]) -> dict[str, Any]:
    """Return the request that counts the documents which have each stem."""
    counted = {stem: {"bool": {"filter": [{"term": {"stems": stem}}, LIVE]}} for stem in stems}
    return {"size": 0, "aggs": {"stems": {"filters": {"filters": counted}}}}


def _trees(question: Question) -> list[Node | None]:
    """Return the trees of which a hit must match one: the strict one, and the wider one if there is one."""
    return [node for node in (question.tree, question.wider) if node] if question.tree else [None]


def _query(question: Question) -> Clause:
    """Return the query: BM25 of title and text, and of the title again, times the entry's weight.

    What matches the strict tree, and what is exactly meant, stand apart by scores that no sum of words reaches.
    """
    trees = _trees(question)
    words = {
        "bool": {
            # What matches both trees scores once.
            "must": [{"dis_max": {"queries": [compile_tree(tree).to_dict() for tree in trees]}}],
            "should": [query.to_dict() for query in title_queries(trees[-1], question.title_weight)],
            "filter": [LIVE],
        }
    }
    weighted = {
        "function_score": {
            "query": words,
            "field_value_factor": {"field": "weight", "missing": 1.0},
            "boost_mode": "multiply",
        }
    }
    apart = []
    if question.wider and question.tree:
        apart.append({"constant_score": {"filter": compile_tree(question.tree).to_dict(), "boost": WHOLE}})
    if question.first:
        apart.append({"constant_score": {"filter": {"terms": {"keys": sorted(question.first)}}, "boost": FIRST}})
    return {"bool": {"must": [weighted], "should": apart}}


def _sort(sort: str) -> list[Clause | str]:
    newest: Clause = {"date": {"order": "desc", "missing": "_last"}}
    best: Clause = {"_score": {"order": "desc"}}
    return [*([newest, best] if sort == "newest" else [best, newest]), {"number": {"order": "asc"}}]


def _filters(question: Question) -> dict[str, Clause]:
    return {name: _filter(name, values) for name, values in question.filters.items() if values}


def _filter(name: str, values: Sequence[str]) -> Clause:
    """Return what a hit must be for one filter: any of the values."""
    if name == "year":
        spans = [span for value in values if (span := span_of(value))]
        ranges = [{"range": {"years": {"gte": first, "lte": last}}} for first, last in spans]
        return {"bool": {"should": ranges, "minimum_should_match": 1}} if ranges else {"match_none": {}}
    prefix = "theme" if name == "branch" else name
    known = [value for value in values if name != "branch" or value in BRANCHES]
    tokens = [f"{prefix}:{value.lower() if name == 'country' else value}" for value in known]
    return {"terms": {"keys": tokens}}


def _all(filters: Iterable[Clause]) -> Clause:
    return {"bool": {"filter": list(filters)}}


def _aggregations(question: Question, filters: Mapping[str, Clause]) -> dict[str, Any]:
    """Return the counts: works that match, works that pass, and for each chosen filter those that pass the others."""
    families = {"families": {"cardinality": {"field": "family", "precision_threshold": PRECISION}}}
    strict = compile_tree(question.tree).to_dict() if question.tree else {"match_all": {}}
    found = {
        "matched": {"filter": strict, "aggs": families},
        "passed": {"filter": _all(filters.values()), "aggs": {**families, **_facets(set(FILTERS) - filters.keys())}},
    }
    for name in filters:
        others = _all([clause for other, clause in filters.items() if other != name])
        found[f"but {name}"] = {"filter": others, "aggs": _facets({name})}
    return found


def _facets(names: set[str]) -> dict[str, Any]:
    families = {"families": {"cardinality": {"field": "family", "precision_threshold": 3_000}}}
    found: dict[str, Any] = {}
    for name in {"theme" if name == "branch" else name for name in names}:
        if name == "year":
            ranges = {"field": "years", "ranges": [_decade(decade) for decade in DECADES]}
            found[name] = {"range": ranges, "aggs": families}
        else:
            values = {"field": "facets", "include": f"{name}:.*", "size": VALUES}
            found[name] = {"terms": values, "aggs": families}
    return found


def _decade(text: str) -> dict[str, Any]:
    first, last = span_of(text) or (0, 0)
    return {"key": text, "from": first, "to": last + 1}
