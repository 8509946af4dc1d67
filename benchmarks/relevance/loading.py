"""A collection into the database, the way that content takes: loader, resources, drain. Needs Django set up."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.relevance.collection import CollectionError, Text
from core.analysis import clean
from core.loading import Report, Row, load
from library.content import ResourceLoader
from library.models import Resource
from search.engines import replica as search_replica
from search.engines.choice import look_again
from sync.drain import drain
from sync.models import Document, State

TITLE = 1000  # characters that a resource's title takes; the rest of a longer one begins its summary
UNTITLED = "[–]"  # has no words: what is not in the collection is found by nothing
CITED = {"resource": 0, "country": 0, "theme": 0, "term": 1, "expert": 0, "question": 0, "page": 0}  # part of the route


class CorpusLoader(ResourceLoader):
    """Documents as published reports: title as title, text as summary, each a work of its own."""

    def __init__(self, documents: Sequence[Text], path: Path, language: str) -> None:
        self.documents, self.path, self.language = documents, path, language

    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        for number, document in enumerate(self.documents, 1):
            title, text = _plain(document.title), _plain(document.text)
            if len(title) > TITLE:
                end = title.rfind(" ", 0, TITLE) if " " in title[:TITLE] else TITLE
                title, text = title[:end], f"{title[end:].strip()}\n{text}"
            values = {
                **dict.fromkeys(self.columns, ""),
                "id": f"b{number:04}",
                "title": title or UNTITLED,
                "abstract": text,
                "language": document.language or self.language,
                "type": "report",
                "checked": "no",
                "work": None,
            }
            yield Row(values["id"], self.path, document.line, values)

    def wanted(self, row: Row) -> dict[str, Any]:
        return {**super().wanted(row), "abstract": row.values["abstract"]}

    def state(self, obj: Resource) -> dict[str, Any]:
        return {**super().state(obj), "abstract": obj.abstract}

    def save(self, key: str, wanted: dict[str, Any], obj: Resource | None) -> None:
        resource = obj or Resource(number=int(key[1:]), first_published_at=timezone.now())
        resource.abstract = wanted["abstract"]
        super().save(key, wanted, resource)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", clean(text)).strip()


def load_documents(
    documents: Sequence[Text], path: Path, language: str, progress: Callable[[list[Row]], Iterable[Row]]
) -> None:
    """Load and project all documents. Raises CollectionError if one of them could not be."""
    _hasten()
    with transaction.atomic():
        report = load(CorpusLoader(documents, path, language), path.parent, progress)
        if report.problems:
            raise CollectionError("\n".join(map(str, report.problems[:20])))
    _project()


def load_own_content() -> None:
    """Load and project the content files of the project."""
    _hasten()
    call_command("load_content", stdout=StringIO())
    _project()


def renew() -> None:
    """Bring a database that was kept to the present code."""
    call_command("migrate", verbosity=0)
    _project()


@contextmanager
def replica() -> Iterator[None]:
    """Fill the search engine's indices from the documents, where one is set; drop them afterwards."""
    engine = search_replica()
    if engine is None:
        yield
        return
    try:
        call_command("search_rebuild", stdout=StringIO())
        look_again()
        yield
    finally:
        for generation in engine.generations():
            engine.drop(generation)


def _hasten() -> None:
    """A throw-away file need not outlive a power cut."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")


def _project() -> None:
    drain()
    if failed := list(State.objects.exclude(reason="").values_list("key", "reason")[:20]):
        raise CollectionError("\n".join(f"{key} could not be projected: {reason}" for key, reason in failed))


def names_of(documents: Sequence[Text]) -> dict[str, str]:
    """Return the ids of a loaded collection by the keys of their entries: `{"resource:7": "d7"}`."""
    pks = Resource.objects.values_list("pk", "number")
    return {f"resource:{pk}": documents[number - 1].id for pk, number in pks}


def own_names() -> dict[str, str]:
    """Return how judgements of our own content name its entries: `{"resource:7": "resource/b0007", ...}`."""
    found = {}
    for key, kind, route in Document.objects.filter(gone=False).values_list("key", "kind", "route"):
        name = route[1 + CITED[kind]]
        name = f"b{int(name):04}" if kind == "resource" else name.upper() if kind == "country" else name
        found[key] = f"{kind}/{name}"
    return found
