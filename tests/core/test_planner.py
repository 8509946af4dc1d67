"""What SQLite's planner knows: it counts tables only when told to."""

import pytest
from django.core.management import call_command
from django.db import connection

from core.planner import FIRST, Counting
from tests.library.factories import resource

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself"),
]


def known(table: str) -> int:
    """Return how many rows the planner believes that a table has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(CAST(stat AS integer)) FROM sqlite_stat1 WHERE tbl = %s", [table])
        return cursor.fetchone()[0] or 0


def test_tables_are_counted_at_once_and_then_less_and_less_often(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("core.planner.time.monotonic", lambda: now[0])
    counting = Counting()
    for _ in range(4):
        resource()
    assert counting() == 1 and known("library_resource") == 4
    for _ in range(3):
        resource()
    now[0] += FIRST - 1
    assert counting() == 0 and known("library_resource") == 4
    now[0] += 2
    assert counting() == 1 and known("library_resource") == 7
    now[0] += FIRST + 2
    assert counting() == 0
    now[0] += FIRST
    assert counting() == 1


def test_counting_is_among_what_the_process_that_drains_does():
    from core import chores

    assert any(isinstance(chore, Counting) for chore in chores._chores)


@pytest.mark.django_db(transaction=True)
def test_tables_are_counted_after_the_index_was_built_anew():
    resource()
    call_command("migrate", "library", verbosity=0)  # nothing to do: nothing is counted
    assert known("library_resource") == 0
    call_command("migrate", "search", "0002", verbosity=0)
    try:
        assert known("library_resource") == 1
    finally:
        call_command("migrate", "search", verbosity=0)
