"""Elasticsearch as a replica: written by version, proven by sums, swapped by aliases."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from core.entries import AUDIENCES
from search.engines.elastic import mapping
from search.engines.elastic.client import NotThere, TooLarge, Unreachable, answering, client
from search.engines.replica import Outcome, Replica, ReplicaDown, ReplicaMissing
from sync.documents import BUCKETS
from sync.models import Document

BULK_BYTES = 8 * 2**20  # of one request: its makers advise 5 to 15 MB
PAGE = 1_000


class RequestTooLarge(ReplicaDown):
    """It takes no request of that size: smaller ones may pass."""


class ElasticsearchReplica(Replica):
    def form(self) -> str:
        return mapping.form()

    def open(self, generation: int) -> None:
        with _errors():
            for audience in AUDIENCES:
                name = mapping.index_name(generation, audience)
                if not client().indices.exists(index=name):
                    client().indices.create(
                        index=name,
                        settings={**mapping.INDEX, "number_of_replicas": settings.ELASTICSEARCH_REPLICAS},
                        mappings={**mapping.MAPPING, "_meta": {"form": mapping.form()}},
                        aliases={mapping.write_alias(generation, audience): {}},
                    )

    def put(self, generation: int, documents: Sequence[Document]) -> dict[str, Outcome]:
        outcomes: dict[str, Outcome] = {}
        for part in _parts(generation, documents):
            outcomes |= _send(part)
        return outcomes

    def refresh(self, generation: int) -> None:
        with _errors():
            client().indices.refresh(index=mapping.indices(generation))

    def checksum(self, generation: int, audience: str) -> dict[int, tuple[int, int, int]]:
        sums = {"versions": {"sum": {"field": "version"}}, "hashes": {"sum": {"field": "hash32"}}}
        buckets = {"terms": {"field": "bucket", "size": BUCKETS}, "aggs": sums}
        with _errors():
            answer = client().search(
                index=mapping.index_name(generation, audience), size=0, aggs={"buckets": buckets}, request_cache=False
            )
        return {
            int(b["key"]): (b["doc_count"], int(b["versions"]["value"]), int(b["hashes"]["value"]))
            for b in answer["aggregations"]["buckets"]["buckets"]
        }

    def rows(self, generation: int, audience: str, bucket: int) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        after: list[Any] | None = None
        while True:
            with _errors():
                answer = client().search(
                    index=mapping.index_name(generation, audience),
                    query={"term": {"bucket": bucket}},
                    sort=[{"id": "asc"}],
                    size=PAGE,
                    source=["id", "version", "hash32"],
                    search_after=after,
                )
            hits = answer["hits"]["hits"]
            for hit in hits:
                found[hit["_source"]["id"]] = (hit["_source"]["version"], hit["_source"]["hash32"])
            if len(hits) < PAGE:
                return found
            after = hits[-1]["sort"]

    def swap(self, generation: int) -> None:
        actions: list[dict[str, Any]] = []
        for audience in AUDIENCES:
            alias, name = mapping.read_alias(audience), mapping.index_name(generation, audience)
            actions.append({"remove": {"index": f"{settings.ELASTICSEARCH_PREFIX}-*-{audience}", "alias": alias}})
            actions[-1]["remove"]["must_exist"] = False
            actions.append({"add": {"index": name, "alias": alias}})
        with _errors():
            client().indices.update_aliases(actions=actions)

    def serving(self) -> int | None:
        found: set[int | None] = set()
        for audience in AUDIENCES:
            try:
                with _errors():
                    names = list(client().indices.get_alias(name=mapping.read_alias(audience)))
            except ReplicaMissing:
                return None
            found.add(_generation(names[0]) if len(names) == 1 else None)
        return found.pop() if len(found) == 1 else None

    def generations(self) -> list[int]:
        with _errors():
            names = client().indices.get(index=f"{settings.ELASTICSEARCH_PREFIX}-*", features="aliases")
        return sorted({number for name in names if (number := _generation(name)) is not None})

    def drop(self, generation: int) -> None:
        """Remove its indices one by one: another process may be at the same, and be faster with any of them."""
        for name in mapping.indices(generation):
            try:
                with _errors():
                    client().indices.delete(index=name, ignore_unavailable=True)
            except ReplicaMissing:
                pass  # gone between the engine's look and its deed


def _generation(index: str) -> int | None:
    """Return the number of the generation that an index belongs to, None if it is none of ours."""
    number, _, audience = index.removeprefix(f"{settings.ELASTICSEARCH_PREFIX}-").partition("-")
    return int(number) if number.isdigit() and audience in AUDIENCES else None


def _parts(generation: int, documents: Sequence[Document]) -> Iterator[list[Any]]:
    """Split documents into requests of a few megabytes."""
    part: list[Any] = []
    size = 0
    for document in documents:
        audience = document.id.partition(":")[0]
        action = {
            "_index": mapping.write_alias(generation, audience),
            "_id": document.id,
            "version": document.version,
            "version_type": "external_gte",
        }
        weight = 2 * len(document.body_stems) + 2 * len(document.body_words)
        if part and size + weight > BULK_BYTES:
            yield part
            part, size = [], 0
        part += [{"index": action}, mapping.body(document)]
        size += weight
    if part:
        yield part


def _send(part: list[Any]) -> dict[str, Outcome]:
    """Write one request. What is too large for the server goes in halves; a document that is so alone is refused."""
    try:
        with _errors():
            answer = client().bulk(operations=part, require_alias=True)
    except RequestTooLarge as error:
        if len(part) > 2:
            middle = len(part) // 4 * 2  # two lines a document
            return _send(part[:middle]) | _send(part[middle:])
        return {part[0]["index"]["_id"]: Outcome("refused", str(error))}
    results = [item["index"] for item in answer["items"]]
    return {result["_id"]: _outcome(result) for result in results}


def _outcome(result: dict[str, Any]) -> Outcome:
    """Read what became of one document. A conflict means that a newer version is there already."""
    status, error = result["status"], result.get("error", {})
    if status < 300 or status == 409:
        return Outcome("done")
    if status == 404:
        raise ReplicaMissing(f"{error.get('type')}: {error.get('reason')}")
    reason = f"{status} {error.get('type')}: {error.get('reason')}"
    return Outcome("later" if status in {403, 408, 429} or status >= 500 else "refused", reason)


@contextmanager
def _errors() -> Iterator[None]:
    try:
        with answering():
            yield
    except TooLarge as error:
        raise RequestTooLarge(str(error)) from error
    except Unreachable as error:
        raise ReplicaDown(str(error)) from error
    except NotThere as error:
        raise ReplicaMissing(str(error)) from error
