"""Questions through the public search, measured by family. Needs Django set up."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import AnonymousUser

from accounts.audiences import audience_of
from benchmarks.relevance.collection import CollectionError, Judgements, Text
from benchmarks.relevance.measures import DEPTH, Quality, quality
from search.query import query_from
from search.results import first_hits
from sync.models import Document

TAG = "gess"


@dataclass(frozen=True)
class Answer:
    """The hits of one question, their quality and what they took."""

    query: Text
    hits: list[str]  # ids, best first
    quality: Quality
    seconds: float


class Asking:
    """Asks as a visitor, who sees one hit of each family: judged editions of one work count once, by the best grade."""

    def __init__(self, names: Mapping[str, str], judgements: Judgements) -> None:
        """`names` gives the id of each entry in the judgements by its key. Raises CollectionError for unknown ids."""
        self.names = names
        families = {names[key]: family for key, family in Document.objects.values_list("key", "family") if key in names}
        unknown = {document for grades in judgements.values() for document in grades} - set(families)
        if unknown:
            shown = ", ".join(sorted(unknown)[:10])
            raise CollectionError(f"{len(unknown)} judged documents are not there: {shown}: correct the judgements.")
        self.grades: Judgements = {}
        for query, grades in judgements.items():
            by_family = self.grades.setdefault(query, {})
            for document, grade in grades.items():
                by_family[families[document]] = max(grade, by_family.get(families[document], 0))

    def ask(self, query: Text, language: str) -> Answer:
        """Search as a visitor who reads `language`."""
        visitor = AnonymousUser()
        start = time.perf_counter()
        found = first_hits(query_from({"q": [query.text]}, audience_of(visitor), language), visitor, DEPTH)
        seconds = time.perf_counter() - start
        ranked = quality([document.family for document in found], self.grades[query.id])
        return Answer(query, [self.names[document.key] for document in found], ranked, seconds)


def write_run(path: Path, answers: Sequence[Answer]) -> None:
    """Write hits as a TREC run: query, Q0, document, rank, score, tag. No two scores are equal."""
    with path.open("w", encoding="utf-8") as file:
        for answer in answers:
            for rank, document in enumerate(answer.hits, 1):
                file.write(f"{answer.query.id} Q0 {document} {rank} {len(answer.hits) - rank + 1} {TAG}\n")
