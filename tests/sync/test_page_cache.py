"""Pages kept for visitors: shown as long as they are true, and never to others."""

import threading
import time

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from library.models import Resource
from sync.folding import look
from sync.page_cache import Page, PageCacheMiddleware, PageStore, store
from tests.sync.helpers import resource

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on(settings):
    settings.PAGE_CACHE = True


def get(path: str, **headers):
    return Client().get(path, headers=headers)


def test_a_kept_page_is_the_same_and_costs_one_statement(drained):
    page = f"/en/library/{resource('Kept').number}/"
    first = get(page)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        second = get(page)
    assert second.content == first.content
    own = {"X-Request-ID"}  # the number in the log, new for each request
    assert {k: v for k, v in second.items() if k not in own} == {k: v for k, v in first.items() if k not in own}
    assert len(queries) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda row: Resource.objects.filter(pk=row.pk).update(title="Changed"),
        lambda row: connection.cursor().execute(
            "UPDATE library_resource SET title = 'Changed' WHERE id = %s", [row.pk]
        ),
    ],
)
def test_a_change_is_shown_at_the_next_request(drained, change):
    row = resource("Before")
    assert b"Before" in get(f"/en/library/{row.number}/").content
    change(row)
    page = get(f"/en/library/{row.number}/")
    assert b"Changed" in page.content and b"Before" not in page.content
    assert b"Changed" in get("/en/library/").content


def test_what_is_hidden_is_gone_at_the_next_request(drained):
    row = resource("Secret now")
    path = f"/en/library/{row.number}/"
    assert get(path).status_code == 200 and b"Secret now" in get("/en/library/").content
    Resource.objects.filter(pk=row.pk).update(live=False)
    assert get(path).status_code in {404, 410}
    assert b"Secret now" not in get("/en/library/").content


def test_who_brings_a_cookie_is_answered_anew(drained, editor_client):
    path = f"/en/library/{resource('For all').number}/"
    anonymous = get(path).content
    assert editor_client.get(path).content != anonymous, "an editor sees the way to the editing page"
    assert get(path).content == anonymous
    visitor = Client()
    visitor.cookies["terms"] = "off"
    with CaptureQueriesContext(connection) as queries:
        visitor.get(path)
    assert len(queries) > 1


def test_a_page_with_a_form_is_never_kept(drained):
    tokens = {get("/en/contact/").context["csrf_token"] for _ in range(2)}
    assert len({str(token) for token in tokens}) == 2


def test_addresses_hosts_and_compression_are_apart(drained, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    resource("Pensions")
    first = get("/en/library/", host="one.example")
    assert b"two.example" not in first.content
    assert get("/en/library/?q=nothing", host="one.example").content != first.content
    assert get("/fr/library/", host="one.example").content != first.content
    packed = get("/en/library/", host="one.example", accept_encoding="gzip")
    assert packed["Content-Encoding"] == "gzip" and "Content-Encoding" not in get("/en/library/", host="one.example")


def test_a_reader_who_has_the_page_gets_304(drained):
    resource("Pensions")
    first = get("/en/library/")
    again = get("/en/library/", if_none_match=first["ETag"])
    assert again.status_code == 304 and again.content == b""
    assert again["ETag"] == first["ETag"]
    resource("One more")
    assert get("/en/library/", if_none_match=first["ETag"]).status_code == 200


def test_nothing_is_served_or_kept_while_changes_wait(drained, monkeypatch):
    row = resource("Before")
    path = f"/en/library/{row.number}/"
    get(path)
    monkeypatch.setattr("sync.drain._drain_for_reader", lambda: None)  # a reader whose time was up
    Resource.objects.filter(pk=row.pk).update(title="After")
    assert look()[0]
    assert b"After" in get(path).content
    Resource.objects.filter(pk=row.pk).update(title="Later")
    assert b"Later" in get(path).content


def test_a_late_fill_is_never_shown(drained, monkeypatch):
    """While one reader's page is being made, it changes: the finished page is kept under the mark of before."""
    row = resource("Before")
    path = f"/en/library/{row.number}/"
    put = PageStore.put

    def slow_put(self, key, page):
        Resource.objects.filter(pk=row.pk).update(title="After")
        monkeypatch.setattr(PageStore, "put", put)
        put(self, key, page)

    monkeypatch.setattr(PageStore, "put", slow_put)
    assert b"Before" in get(path).content
    assert b"After" in get(path).content


def test_of_many_who_miss_a_page_one_makes_it(monkeypatch):
    made, arrived = [], threading.Barrier(5)
    monkeypatch.setattr("sync.drain.look", lambda: (False, "mark"))

    def view(request):
        made.append(1)
        threading.Event().wait(0.2)
        return HttpResponse("page")

    middleware = PageCacheMiddleware(view)

    def visit():
        arrived.wait()
        assert middleware(RequestFactory().get("/en/")).content == b"page"

    threads = [threading.Thread(target=visit) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_the_store_forgets_the_least_recently_used(monkeypatch):
    monkeypatch.setattr("sync.page_cache.ROOM", 25)
    own = PageStore()
    for name in "abc":
        own.put((name,), Page("m", time.monotonic(), {}, b"x" * 10))
        own.get(("a",), "m")
    assert own.get(("a",), "m") and own.get(("c",), "m") and not own.get(("b",), "m")
    assert not own.get(("a",), "another mark")
    assert store is not own
