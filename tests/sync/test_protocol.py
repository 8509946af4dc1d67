"""Folding, projecting, parking and due dates."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from core.entries import registry
from sync.drain import before_read, drain
from sync.folding import fold, is_pending, mark
from sync.models import Dirty, Document, State
from sync.projection import MAX_ATTEMPTS, open_keys, project
from tests.sync.helpers import resource, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def poison(monkeypatch):
    """Make one resource's entries fail, and give a way to cure it."""
    source = registry["resource"]
    real, sick = type(source).entries, set()

    def entries(self, row):
        if row.pk in sick:
            raise ValueError("This row cannot be read.")
        return real(self, row)

    monkeypatch.setattr(type(source), "entries", entries)
    return sick


def test_nothing_pending_costs_one_statement(drained, django_assert_num_queries):
    drained()
    with django_assert_num_queries(1):
        before_read()


def test_many_changes_of_one_key_are_one_step(drained):
    row = resource("Study")
    drained()
    before = State.objects.get(key=f"resource:{row.pk}").want
    for _ in range(5):
        row.save()
    fold()
    state = State.objects.get(key=f"resource:{row.pk}")
    assert state.want == before + 1 and state.done == before and not Dirty.objects.exists()


def test_direct_changes_go_before_fanouts(drained):
    drained()
    mark(["resource:1", "resource:3"], "fanout")
    mark(["resource:2"], "direct")
    fold()
    assert open_keys(10) == ["resource:2", "resource:1", "resource:3"]


def test_a_change_during_projection_is_not_lost(drained, monkeypatch):
    """Content is read after `want`: what changes later raises `want` again, and the second drain shows it."""
    row = resource("First")
    fold()
    source = registry["resource"]
    real = type(source).entries

    def slow(self, instance):
        entries = list(real(self, instance))
        if instance.title == "First":
            type(instance).objects.update(title="Second")
        return entries

    monkeypatch.setattr(type(source), "entries", slow)
    project([f"resource:{row.pk}"])
    assert Document.objects.get(id=f"public:resource:{row.pk}:en").title == "First"
    assert is_pending()
    assert titles() == {"Second"}


def test_a_late_projection_does_not_overwrite_a_newer_one(drained):
    row = resource("First")
    drained()
    key = f"resource:{row.pk}"
    State.objects.filter(key=key).update(done=99, want=99)
    type(row).objects.update(title="Unseen")
    Dirty.objects.all().delete()
    project([key])  # reads want 99 and finds done 99: somebody was faster
    assert Document.objects.get(id=f"public:{key}:en").title == "First"


def test_a_poison_row_is_parked_with_its_reason_and_blocks_nobody(poison):
    sick, well = resource("Sick"), resource("Well")
    poison.add(sick.pk)
    key = f"resource:{sick.pk}"
    for _ in range(MAX_ATTEMPTS):
        State.objects.update(retry_at=None)
        drain()
    state = State.objects.get(key=key)
    assert state.parked and state.attempts == MAX_ATTEMPTS and "This row cannot be read." in state.reason
    assert not is_pending()
    assert Document.objects.filter(key=f"resource:{well.pk}", gone=False).count() == 3
    poison.clear()
    sick.save()  # a new change gives it another chance
    assert titles() == {"Sick", "Well"}
    assert not State.objects.get(key=key).parked


def test_a_failed_row_waits_before_the_next_attempt(poison):
    row = resource("Sick")
    poison.add(row.pk)
    drain()
    state = State.objects.get(key=f"resource:{row.pk}")
    assert state.attempts == 1 and state.retry_at > timezone.now()
    assert not is_pending()


def test_a_source_that_fails_altogether_parks_its_keys_only(monkeypatch):
    row = resource("Study")

    def broken(self, pks):
        raise RuntimeError("No rows today.")

    monkeypatch.setattr(type(registry["resource"]), "rows", broken)
    drain()
    assert "No rows today." in State.objects.get(key=f"resource:{row.pk}").reason


def test_a_key_that_falls_due_is_projected_again(drained):
    row = resource("Study")
    drained()
    key = f"resource:{row.pk}"
    past = timezone.now() - datetime.timedelta(seconds=1)
    before = State.objects.get(key=key).want
    State.objects.filter(key=key).update(due_at=past)
    assert is_pending()
    drain()
    state = State.objects.get(key=key)
    assert state.due_at is None and state.want == state.done == before + 1


def test_an_unknown_kind_becomes_a_tombstone_not_an_error(drained):
    mark(["nothing:7"], "direct")
    drained()
    assert State.objects.get(key="nothing:7").done == 1


def test_an_unchanged_document_is_not_written_again(drained):
    row = resource("Study")
    drained()
    document = Document.objects.get(id=f"public:resource:{row.pk}:en")
    row.save()
    drained()
    assert Document.objects.get(pk=document.pk).version == document.version
    assert State.objects.get(key=document.key).done > document.version


def test_a_reader_does_not_wait_for_a_writer_and_restores_its_patience(drained):
    drained()
    resource("Study")
    before_read()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout")
        assert cursor.fetchone()[0] in (20_000, "0")
