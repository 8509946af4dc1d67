"""What all tests share: databases from a template, people, and the drain."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.test import Client, TransactionTestCase
from django.utils import translation

from accounts.models import User
from core.visibility import rule_for_visitors
from gess.messages import compile_messages
from search.engines.choice import look_again
from search.engines.elastic.replica import ElasticsearchReplica
from sync.drain import drain
from sync.kept import results
from sync.models import State
from sync.page_cache import store as pages
from tests.databases import PostgresDatabase, SqliteDatabase, own_database
from tests.factories import UserFactory


def pytest_sessionstart() -> None:
    """Compile the translations that are newer than what was compiled."""
    compile_messages(settings.LOCALE_PATHS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with its reason, what belongs to the other way of running."""
    full = bool(os.environ.get("DATABASE_URL"))
    for item in items:
        if full and item.get_closest_marker("embedded"):
            item.add_marker(pytest.mark.skip(reason="only on SQLite without Redis"))
        if not full and item.get_closest_marker("full"):
            item.add_marker(pytest.mark.skip(reason="only with PostgreSQL and Redis"))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[SqliteDatabase | PostgresDatabase]:
    """Copy the template; after a test that commits, put the whole database back instead of flushing tables.

    So such tests leave no waiting changes, states, documents, links or full-text rows, and lose nothing that
    migrations wrote.
    """
    database = own_database()
    with django_db_blocker.unblock():
        database.create()
        flush = TransactionTestCase._fixture_teardown
        TransactionTestCase._fixture_teardown = lambda self: database.restore()
    yield database
    TransactionTestCase._fixture_teardown = flush
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture
def elasticsearch(settings) -> Iterator[str]:
    """Switch the node of the full run on, with indices of this worker alone, and remove them afterwards."""
    if not settings.DATABASE_URL:
        pytest.skip("only with PostgreSQL, Redis and Elasticsearch")
    assert settings.ELASTICSEARCH_OF_TESTS, "The full run has no Elasticsearch: use python -m tests.services run -- ..."
    settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_OF_TESTS
    look_again()
    yield settings.ELASTICSEARCH_URL
    settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_OF_TESTS
    replica = ElasticsearchReplica()
    for generation in replica.generations():
        replica.drop(generation)
    look_again()


@receiver(setting_changed)
def _new_rules(**_: object) -> None:
    """A setting that a test changes may be part of a rule."""
    rule_for_visitors.cache_clear()


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """No test sees what another one cached."""
    yield
    cache.clear()
    pages.clear()
    results.clear()


@pytest.fixture(autouse=True)
def _patient_readers(monkeypatch) -> None:
    """A reader on a busy test machine gets the time to project all that a test wrote, not a quarter of a second."""
    monkeypatch.setattr("sync.drain.READ_BUDGET", 30.0)
    monkeypatch.setattr("sync.drain.READ_LIMIT", 30.0)


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """Requests leave their language active; the next test starts in the default one."""
    yield
    translation.deactivate()


@pytest.fixture
def visitor() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def member(db) -> User:
    return UserFactory()


@pytest.fixture
def editor(db) -> User:
    return UserFactory(groups=["Editors"])


@pytest.fixture
def admin(db) -> User:
    return UserFactory(is_staff=True, is_superuser=True)


def client_of(user: User) -> Client:
    """Return a browser in which `user` has logged in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def member_client(member) -> Client:
    return client_of(member)


@pytest.fixture
def editor_client(editor) -> Client:
    return client_of(editor)


@pytest.fixture
def admin_client(admin) -> Client:
    return client_of(admin)


@pytest.fixture
def drained(db) -> Callable[[], int]:
    """Give a function that projects all that is pending, and fails if a key could not be projected."""

    def run() -> int:
        count = drain()
        failed = list(State.objects.exclude(reason="").values_list("key", "reason"))
        assert not failed, f"Could not be projected: {failed}"
        return count

    return run
