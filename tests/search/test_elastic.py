"""What only the real node shows: its strictness, its refusals, and the whole way from publishing to a found page."""

import re

import pytest
from django.core.management import call_command

from core.entries import AUDIENCES, Entry
from search import generations
from search.engines import engine
from search.engines.choice import look_again
from search.engines.elastic import mapping
from search.engines.elastic.client import client
from search.engines.elastic.replica import ElasticsearchReplica
from search.engines.replica import ReplicaMissing
from search.models import Outbox
from search.replication import replicate
from sync.documents import documents_of
from sync.models import Document
from tests.library.factories import resource


@pytest.fixture
def replica(elasticsearch) -> ElasticsearchReplica:
    """An empty replica with generation 1 open."""
    made = ElasticsearchReplica()
    made.open(1)
    return made


def document(pk: int = 1, title: str = "Pensions") -> Document:
    entry = Entry("resource", pk, "en", title, ("library:resource", str(pk)), f"work:{pk}", "public")
    return documents_of(entry.key, 1, [entry])[f"public:{entry.key}:en"]


def indices() -> set[str]:
    return set(client().indices.get(index=f"{mapping.read_alias('')}*"))


def test_an_index_says_in_which_form_it_is(replica):
    for name, found in client().indices.get_mapping(index=mapping.indices(1)).items():
        assert found["mappings"]["_meta"] == {"form": replica.form()}, name
        assert found["mappings"]["dynamic"] == "strict"


def test_a_document_that_does_not_fit_the_mapping_is_refused_and_its_neighbours_are_written(replica, monkeypatch):
    body = mapping.body
    monkeypatch.setattr(
        mapping, "body", lambda given: body(given) | ({"surprise": 1} if given.title == "Strange" else {})
    )
    documents = [document(1), document(2, "Strange"), document(3)]
    outcomes = replica.put(1, documents)
    assert [outcomes[each.id].kind for each in documents] == ["done", "refused", "done"]
    assert "surprise" in outcomes[documents[1].id].reason
    assert "surprise" not in str(client().indices.get_mapping(index=mapping.index_name(1, "public")))


def test_a_node_that_takes_nothing_for_now_is_tried_later(replica):
    """As when its disk is full: it then makes its indices read-only."""
    client().indices.put_settings(
        index=mapping.index_name(1, "public"), settings={"blocks.read_only_allow_delete": True}
    )
    outcome = replica.put(1, [document()])[document().id]
    assert outcome.kind == "later" and "block" in outcome.reason
    client().indices.put_settings(
        index=mapping.index_name(1, "public"), settings={"blocks.read_only_allow_delete": None}
    )
    assert replica.put(1, [document()])[document().id].kind == "done"


def test_no_index_is_made_by_writing_where_an_alias_is_gone(replica):
    before = indices()
    index, alias = mapping.index_name(1, "public"), mapping.write_alias(1, "public")
    client().indices.delete_alias(index=index, name=alias)
    with pytest.raises(ReplicaMissing, match="alias"):
        replica.put(1, [document()])
    client().indices.delete(index=index)
    with pytest.raises(ReplicaMissing):
        replica.put(1, [document()])
    assert indices() == before - {index}


def test_what_others_keep_in_the_cluster_is_not_ours(replica, settings):
    others = [f"{settings.ELASTICSEARCH_PREFIX}-notes", f"{settings.ELASTICSEARCH_PREFIX}-x-public"]
    try:
        for name in others:
            client().indices.create(index=name)
        assert replica.generations() == [1]
        replica.swap(1)
        replica.drop(1)
        assert indices() == set(others)
    finally:
        client().indices.delete(index=others)


def test_a_batch_of_many_megabytes_goes_in_several_requests(replica, monkeypatch):
    monkeypatch.setattr("search.engines.elastic.replica.BULK_BYTES", 10_000)
    documents = [document(pk) for pk in range(1, 31)]
    for each in documents:
        each.body_stems = each.body_words = "word " * 300
    sent = []
    bulk = client().bulk
    monkeypatch.setattr(client(), "bulk", lambda **given: sent.append(len(given["operations"])) or bulk(**given))
    outcomes = replica.put(1, documents)
    assert {outcome.kind for outcome in outcomes.values()} == {"done"} and len(outcomes) == 30
    assert len(sent) > 5 and sum(sent) == 60
    replica.refresh(1)
    assert sum(count for count, _, _ in replica.checksum(1, "public").values()) == 30


def test_rows_are_read_to_the_end_page_by_page(replica, monkeypatch):
    monkeypatch.setattr("search.engines.elastic.replica.PAGE", 7)
    documents = [document(pk) for pk in range(1, 24)]
    for each in documents:
        each.bucket = 5
    replica.put(1, documents)
    replica.refresh(1)
    assert set(replica.rows(1, "public", 5)) == {each.id for each in documents}


def shown(client) -> str:
    """Return the words of the result page for "maternity"."""
    return re.sub(r"<[^>]+>", "", client.get("/en/search/", {"q": "maternity"}).content.decode())


def serve_all() -> None:
    """Do what the workers do until nothing is left to do."""
    for _ in range(20):
        replicate(seconds=20)
        target = generations.serving()
        if target and not Outbox.objects.exists() and not generations.building():
            ElasticsearchReplica().refresh(target.pk)
            return
    raise AssertionError("No generation serves.")


@pytest.mark.django_db(transaction=True)
def test_what_is_published_is_found_in_elasticsearch_and_what_is_hidden_is_gone(elasticsearch, client, drained):
    kept, hidden = resource("Maternity protection for all"), resource("Maternity benefits")
    drained()
    serve_all()
    assert engine().name == "fallback" and not engine().degraded
    page = shown(client)
    assert kept.title in page and hidden.title in page and "not available" not in page
    hidden.unpublish()
    drained()
    serve_all()
    found = ElasticsearchReplica().checksum(generations.serving().pk, "public")
    assert sum(count for count, _, _ in found.values()) == Document.objects.filter(audience="public").count()
    page = shown(client)
    assert kept.title in page and hidden.title not in page
    call_command("search_check")


@pytest.mark.django_db(transaction=True)
def test_while_it_is_down_the_database_answers_and_says_so(elasticsearch, client, drained, settings):
    first = resource("Maternity protection for all")
    drained()
    serve_all()
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    second = resource("Maternity benefits")
    drained()
    page = shown(client)
    assert first.title in page and second.title in page and "not available" in page
    settings.ELASTICSEARCH_URL = elasticsearch
    serve_all()
    look_again()
    page = shown(client)
    assert first.title in page and second.title in page and "not available" not in page


def test_all_audiences_are_swapped_at_once(replica):
    replica.open(2)
    replica.swap(1)
    client().indices.delete(index=mapping.index_name(2, AUDIENCES[-1]))
    with pytest.raises(ReplicaMissing):
        replica.swap(2)
    assert replica.serving() == 1
