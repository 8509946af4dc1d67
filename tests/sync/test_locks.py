"""A busy database is no fault of the content: nothing is counted, parked or put off."""

import pytest
from django.db import OperationalError, connection

from sync import projection
from sync.drain import before_read, short_lock_wait
from sync.folding import fold
from sync.models import Document, State
from sync.projection import project
from tests.sync.helpers import resource, titles

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def locked():
    """Give a function that lets another connection hold what projecting a key has to write, until the test ends it."""
    other = connection.copy()
    cursor = other.cursor()

    def hold(key: str) -> None:
        if connection.vendor == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        else:
            cursor.execute("BEGIN")
            cursor.execute("SELECT key FROM sync_state WHERE key = %s FOR UPDATE", [key])

    hold.release = lambda: cursor.execute("ROLLBACK")
    yield hold
    other.close()


def test_a_lock_is_waited_out_and_leaves_no_trace(locked):
    titles()
    key = f"resource:{resource('Study').pk}"
    fold()
    locked(key)
    with pytest.raises(OperationalError), short_lock_wait():
        project([key])
    before_read()  # a reader meets the same lock, and gets the last projection
    assert not Document.objects.filter(key=key).exists()
    state = State.objects.get(key=key)
    assert (state.attempts, state.retry_at, state.parked, state.reason) == (0, None, False, "")
    locked.release()
    before_read()
    assert Document.objects.filter(key=key, title="Study").count() == 3
    assert titles() == {"Study"}


def test_a_lock_that_is_gone_a_moment_later_is_not_counted_as_a_failure(monkeypatch):
    titles()
    key = f"resource:{resource('Study').pk}"
    fold()
    real = projection._write

    def busy(built):
        monkeypatch.setattr(projection, "_write", real)
        raise OperationalError("database is locked")

    monkeypatch.setattr(projection, "_write", busy)
    before_read()
    state = State.objects.get(key=key)
    assert (state.attempts, state.retry_at, state.reason) == (0, None, "")
    before_read()  # at once, not after a pause
    assert Document.objects.filter(key=key, title="Study").count() == 3
