"""Figures kept between requests: as old as the state that a page shows, and no older."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.models import Resource
from sync.drain import mark_read, reading
from sync.kept import kept, results
from tests.conftest import client_of
from tests.library.factories import resource, senegal, theme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on(settings):
    settings.PAGE_CACHE = True


@pytest.fixture
def reader(member):
    """Return a browser whose pages are never kept as a whole: it has a cookie."""
    return client_of(member)


def counted(client, path: str = "/en/library/") -> int:
    page = client.get(path).content.decode()
    return int(re.search(r"([0-9]+) resources?", re.sub("<[^>]+>", "", page))[1])


def statements(client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("path", ["/en/", "/en/library/", "/en/countries/", "/en/themes/"])
def test_the_second_page_does_not_count_again(reader, drained, path):
    resource("One", countries=[senegal()], themes=[theme("maternity")])
    drained()
    first, second = statements(reader, path), statements(reader, path)
    assert any("COUNT(" in sql for sql in first) and not any("COUNT(DISTINCT" in sql for sql in second)
    assert len(second) < len(first)


def test_each_change_is_counted_at_the_next_request(reader, drained):
    for number in range(3):
        resource(f"Paper {number}")
        assert counted(reader) == number + 1
    Resource.objects.filter(title="Paper 0").update(live=False)
    assert counted(reader) == 2
    Resource.objects.filter(title="Paper 1").delete()
    assert counted(reader) == 1


def test_nobody_is_told_the_figures_of_others(reader, editor, client, drained):
    resource("Public")
    resource("Draft", live=False, first_published_at=None)
    assert counted(client_of(editor)) == 2
    assert counted(reader) == counted(client) == 1
    assert counted(client_of(editor)) == 2


def test_outside_of_requests_nothing_is_kept(drained):
    made = iter(range(9))

    @kept
    def figure() -> int:
        return next(made)

    resource("Something")
    drained()
    assert (figure(), figure()) == (0, 1) and mark_read() == ""
    with reading():
        assert (figure(), figure()) == (2, 2) and mark_read()


def test_the_least_used_figures_go_first(monkeypatch):
    monkeypatch.setattr("sync.kept.ROOM", 2)
    results.clear()
    for key in ("a", "b", "a", "c"):
        results.get(key, "mark", lambda key=key: key + "!")
    remade = [key for key in ("c", "b") if results.get(key, "mark", lambda: "new") == "new"]
    assert remade == ["b"]


def test_a_figure_of_another_state_or_too_old_is_made_again(monkeypatch):
    results.clear()
    assert results.get("key", "one", lambda: 1) == results.get("key", "one", lambda: 2) == 1
    assert results.get("key", "two", lambda: 3) == 3
    monkeypatch.setattr("sync.kept.MAX_AGE", -1)
    assert results.get("key", "two", lambda: 4) == 4
