"""What every replica promises, whatever it is made of."""

import pytest

from core.entries import AUDIENCES, Entry
from search.engines.elastic.replica import ElasticsearchReplica
from search.engines.replica import Outcome, Replica, ReplicaDown, ReplicaMissing, hash32
from sync.documents import documents_of
from sync.models import Document
from sync.projection import tombstone
from tests.search.memory import MemoryReplica

DONE = {Outcome("done")}


@pytest.fixture(params=["memory", "elasticsearch"])
def replica(request) -> Replica:
    """An empty replica with generation 1 open."""
    if request.param == "elasticsearch":
        request.getfixturevalue("elasticsearch")
    made = ElasticsearchReplica() if request.param == "elasticsearch" else MemoryReplica()
    made.open(1)
    return made


def document(version: int = 1, pk: int = 1, title: str = "Pensions", audience: str = "public") -> Document:
    entry = Entry(
        kind="resource", pk=pk, language="en", title=title, route=("library:resource", str(pk)), family=f"work:{pk}",
        audience=audience,
    )  # fmt: skip
    return documents_of(entry.key, version, [entry])[f"{audience}:{entry.key}:en"]


def put(replica: Replica, *documents: Document, generation: int = 1) -> set[Outcome]:
    outcomes = replica.put(generation, documents)
    assert set(outcomes) == {each.id for each in documents}
    replica.refresh(generation)
    return set(outcomes.values())


def everything(replica: Replica, generation: int = 1, audience: str = "public") -> dict[str, tuple[int, int]]:
    buckets = replica.checksum(generation, audience)
    return {
        doc_id: row for bucket in buckets for doc_id, row in replica.rows(generation, audience, bucket).items()
    }  # fmt: skip


def said(document: Document) -> dict[str, tuple[int, int]]:
    return {document.id: (document.version, hash32(document.hash))}


def test_the_form_says_how_generations_are_made(replica):
    assert replica.form() and replica.form() == replica.form()


def test_an_open_generation_is_empty_and_opening_it_again_takes_nothing_away(replica):
    assert everything(replica) == {}
    put(replica, document())
    replica.open(1)
    assert everything(replica) == said(document())


def test_a_newer_version_is_written_over_an_older_one(replica):
    assert put(replica, document(3)) == DONE
    assert put(replica, document(5, title="Benefits")) == DONE
    assert everything(replica) == said(document(5, title="Benefits"))


def test_a_late_version_is_acknowledged_and_changes_nothing(replica):
    put(replica, document(5))
    assert put(replica, document(3, title="Late")) == DONE
    assert everything(replica) == said(document(5))


def test_the_same_version_may_be_written_again(replica):
    put(replica, document(5, title="Damaged"))
    assert put(replica, document(5)) == DONE
    assert everything(replica) == said(document(5))


def test_a_tombstone_keeps_its_place_so_that_no_late_version_comes_back(replica):
    put(replica, document(1))
    gone = tombstone(document().id, "resource:1", 2)
    assert put(replica, gone) == DONE
    assert put(replica, document(1)) == DONE
    assert everything(replica) == {gone.id: (2, 0)}
    put(replica, document(3))
    assert everything(replica) == said(document(3))


def test_sums_are_those_of_each_bucket_tombstones_included(replica):
    documents = [document(version, pk=pk) for pk, version in enumerate(range(1, 40), 1)]
    documents += [tombstone(f"public:resource:{pk}:en", f"resource:{pk}", 7) for pk in range(100, 110)]
    put(replica, *documents)
    expected: dict[int, list[int]] = {}
    for each in documents:
        sums = expected.setdefault(each.bucket, [0, 0, 0])
        sums[0], sums[1], sums[2] = sums[0] + 1, sums[1] + each.version, sums[2] + hash32(each.hash)
    assert replica.checksum(1, "public") == {bucket: tuple(sums) for bucket, sums in expected.items()}


def test_rows_are_those_of_one_bucket(replica):
    one, other = document(pk=1), document(pk=2)
    assert one.bucket != other.bucket
    put(replica, one, other)
    assert replica.rows(1, "public", one.bucket) == said(one)


def test_each_audience_has_an_index_of_its_own(replica):
    documents = {audience: document(audience=audience) for audience in AUDIENCES}
    put(replica, *documents.values())
    for audience in AUDIENCES:
        assert everything(replica, audience=audience) == said(documents[audience])


def test_each_generation_has_documents_of_its_own(replica):
    replica.open(2)
    put(replica, document(1))
    put(replica, document(2), generation=2)
    assert everything(replica) == said(document(1))
    assert everything(replica, generation=2) == said(document(2))


def test_nothing_serves_before_the_first_swap_and_one_generation_after_each(replica):
    replica.open(2)
    assert replica.serving() is None
    replica.swap(1)
    assert replica.serving() == 1
    replica.swap(2)
    replica.swap(2)
    assert replica.serving() == 2
    assert replica.generations() == [1, 2]


def test_a_dropped_generation_is_gone_and_serves_no_more(replica):
    replica.open(2)
    replica.swap(1)
    replica.drop(2)
    replica.drop(2)
    assert replica.generations() == [1] and replica.serving() == 1
    replica.drop(1)
    assert replica.generations() == [] and replica.serving() is None


def test_no_write_makes_a_generation(replica):
    for call in (lambda: replica.put(7, [document()]), lambda: replica.refresh(7), lambda: replica.swap(7)):
        with pytest.raises(ReplicaMissing):
            call()
    for call in (lambda: replica.checksum(7, "public"), lambda: replica.rows(7, "public", 1)):
        with pytest.raises(ReplicaMissing):
            call()
    assert replica.generations() == [1]


def test_an_engine_that_is_down_says_so(replica, settings):
    if isinstance(replica, MemoryReplica):
        replica.is_down = True
    else:
        settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(ReplicaDown):
        replica.put(1, [document()])
    with pytest.raises(ReplicaDown):
        replica.serving()
