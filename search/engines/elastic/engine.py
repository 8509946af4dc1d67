"""Searching in Elasticsearch: it narrows, ranks, collapses works and counts facets; the database decides afterwards."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from core.entries import Audience
from core.nine import BRANCHES
from search.engines.base import Engine, EngineDown, Found, Question
from search.engines.elastic import request
from search.engines.elastic.client import SEARCH_TIMEOUT, NotThere, Unreachable, answering, client
from search.engines.elastic.mapping import read_alias
from search.query import FILTERS

EXACT = 1_000  # matches up to which counts of different works are right here; beyond, they are estimates
Answer = Mapping[str, Any]


class Hit(NamedTuple):
    id: str
    family: str
    language: str

    @classmethod
    def of(cls, found: Answer) -> "Hit":
        return cls(*(found["fields"][name][0] for name in cls._fields))


class ElasticsearchEngine(Engine):
    """BM25 by Elasticsearch, over the same tokens as everywhere."""

    name = "elasticsearch"

    def find(self, question: Question) -> Found:
        deadline = time.monotonic() + SEARCH_TIMEOUT
        answer = _search(question.audience, request.of(question), deadline)
        totals = answer["aggregations"]
        return Found(
            ids=_editions(question, [Hit.of(hit) for hit in answer["hits"]["hits"]], deadline),
            count=totals["passed"]["families"]["value"],
            matched=totals["matched"]["families"]["value"],
            exact=answer["hits"]["total"]["value"] <= EXACT,
            counts=_counts(totals, question),
        )

    def frequencies(self, stems: Sequence[str], audience: Audience) -> dict[str, int]:
        if not stems:
            return {}
        deadline = time.monotonic() + SEARCH_TIMEOUT
        found = _search(audience, request.of_frequencies(stems), deadline)["aggregations"]["stems"]["buckets"]
        return {stem: found[stem]["doc_count"] for stem in stems}


def _search(audience: Audience, body: dict[str, Any], deadline: float) -> Answer:
    """Ask the serving generation. Raises EngineDown if there is none, or no answer in time."""
    left = max(0.01, deadline - time.monotonic())
    try:
        with answering():
            return client().options(request_timeout=left).search(index=read_alias(audience), **body)
    except (Unreachable, NotThere) as error:
        raise EngineDown(str(error)) from error


def _editions(question: Question, best: Sequence[Hit], deadline: float) -> list[str]:
    """Return the ids of the editions to show: in the first of the languages that there is, else the best match."""
    place = {language: number for number, language in enumerate(question.languages)}
    shown = {hit.family: hit for hit in best}
    others = [hit.family for hit in best if place.get(hit.language, len(place))]
    if others:
        for found in _search(question.audience, request.of_editions(question, others), deadline)["hits"]["hits"]:
            hit = Hit.of(found)
            if place[hit.language] < place.get(shown[hit.family].language, len(place)):
                shown[hit.family] = hit
    return [hit.id for hit in shown.values()]


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
