"""Searching in Elasticsearch: it narrows, ranks, collapses works and counts facets; the database decides afterwards."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from core.entries import Audience
from core.nine import BRANCHES
from search.engines.base import CAP, Engine, EngineDown, Found, Question
from search.engines.elastic import request
from search.engines.elastic.client import SEARCH_TIMEOUT, NotThere, Unreachable, answering, client
from search.engines.elastic.mapping import read_alias
from search.query import FILTERS

Answer = Mapping[str, Any]


class ElasticsearchEngine(Engine):
    """BM25 by Elasticsearch, over the same tokens as everywhere."""

    name = "elasticsearch"

    def find(self, question: Question) -> Found:
        answer = _search(question.audience, request.of(question))
        totals = answer["aggregations"]
        return Found(
            ids=[_edition(hit, question.languages) for hit in answer["hits"]["hits"]],
            count=totals["passed"]["families"]["value"],
            matched=totals["matched"]["families"]["value"],
            exact=answer["hits"]["total"]["value"] <= CAP,
            counts=_counts(totals, question),
        )

    def frequencies(self, stems: Sequence[str], audience: Audience) -> dict[str, int]:
        if not stems:
            return {}
        found = _search(audience, request.of_frequencies(stems))["aggregations"]["stems"]["buckets"]
        return {stem: found[stem]["doc_count"] for stem in stems}


def _search(audience: Audience, body: dict[str, Any]) -> Answer:
    """Ask the serving generation. Raises EngineDown if there is none, or no answer in time."""
    try:
        with answering():
            return client().options(request_timeout=SEARCH_TIMEOUT).search(index=read_alias(audience), **body)
    except (Unreachable, NotThere) as error:
        raise EngineDown(str(error)) from error


def _edition(hit: Answer, languages: Sequence[str]) -> str:
    """Return the id of a work's edition to show: in the first of the languages that there is, else the best match."""
    editions = [found["fields"] for found in hit["inner_hits"]["editions"]["hits"]["hits"]]
    ids = {fields["language"][0]: fields["id"][0] for fields in reversed(editions)}
    return next((ids[language] for language in languages if language in ids), editions[0]["id"][0])


def _counts(totals: Answer, question: Question) -> dict[str, Counter[str]]:
    """Return the facet counts: of a filter that was chosen those among the hits that pass the other filters."""
    counts = {}
    for name in FILTERS:
        source = totals[f"but {name}"] if question.filters.get(name) else totals["passed"]
        counts[name] = _values(name, source)
    return counts


def _values(name: str, source: Answer) -> Counter[str]:
    if name == "branch":
        themes = _values("theme", source)
        return Counter({branch: themes[branch] for branch in BRANCHES if themes[branch]})
    values: Counter[str] = Counter()
    for bucket in source[name]["buckets"]:
        value = str(bucket["key"]) if name == "year" else bucket["key"].partition(":")[2]
        if bucket["doc_count"]:
            values[value.upper() if name == "country" else value] = bucket["families"]["value"]
    return values
