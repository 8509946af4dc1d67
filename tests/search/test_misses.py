"""Searches that found nothing: kept for editors without a person's data, and never in a reader's way."""

import datetime
import sqlite3

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from core.chores import do_chores
from search import chores, misses
from search.misses import DAYS, expire, harmless
from search.models import Miss
from tests.sync.helpers import resource

pytestmark = pytest.mark.django_db


def kept() -> dict[str, int]:
    return dict(Miss.objects.values_list("text", "count"))


def test_a_question_without_results_is_counted_by_language(client):
    client.get("/en/search/", {"q": "  Basic   INCOME? "})
    client.get("/en/search/", {"q": "basic income"})
    client.get("/fr/search/", {"q": "basic income"})
    today = timezone.localdate()
    rows = list(Miss.objects.order_by("language").values_list("text", "language", "count", "first_on", "last_on"))
    assert rows == [("basic income", "en", 2, today, today), ("basic income", "fr", 1, today, today)]


def test_what_found_something_or_was_narrowed_or_asked_by_the_staff_is_not_kept(client, editor_client, member_client):
    resource("Pension reform")
    client.get("/en/search/", {"q": "pension"})
    client.get("/en/search/", {"q": "penson"})  # corrected
    client.get("/en/search/", {"q": "basic income", "country": "SEN"})
    client.get("/en/search/", {"q": "basic income", "page": "2"})
    client.get("/en/search/", {"q": "basic income", "strict": "1"})
    client.get("/en/search/", {"q": ""})
    editor_client.get("/en/search/", {"q": "basic income"})
    assert kept() == {}
    member_client.get("/en/search/", {"q": "basic income"})
    assert kept() == {"basic income": 1}


HARMLESS = {
    "Renta básica": "renta básica", "“basic income”": "basic income", "ISO 9001": "iso 9001", "C102": "c102",
    "l'État-providence": "l'état-providence", "บำนาญ": "บำนาญ", "पेंशन सुधार": "पेंशन सुधार", "社会": "社会", "2015": None,
    "jane@example.org": None, "jane at example.org/x": None, "+41 22 799 61 11": None, "0227996111": None,
    "call 123456 now": None, "41 2279 9611 x": None, "pens*": None, "-pension": None, "a b c d e f g h i": None,
    "x" * 81: None, "<script>": None, "": None, "…": None, "=cmd": None,
}  # fmt: skip


@pytest.mark.parametrize("question", HARMLESS)
def test_only_plain_words_are_kept(client, question):
    assert harmless(question) == HARMLESS[question]
    client.get("/en/search/", {"q": question})
    assert set(kept()) == {HARMLESS[question]} - {None}


def test_a_search_does_not_fail_because_its_miss_cannot_be_kept(client, monkeypatch, caplog):
    def refuse(*arguments):
        raise DatabaseError("read-only")

    monkeypatch.setattr(misses, "short_lock_wait", refuse)
    assert client.get("/en/search/", {"q": "basic income"}).status_code == 200
    assert kept() == {}
    assert "was not kept: read-only" in caplog.text and "basic income" not in caplog.text


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_a_search_waits_for_no_lock(client):
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = timezone.now()
    try:
        assert client.get("/en/search/", {"q": "basic income"}).status_code == 200
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert kept() == {}
    assert timezone.now() - started < datetime.timedelta(seconds=10)  # not the twenty of a writer
    client.get("/en/search/", {"q": "basic income"})
    assert kept() == {"basic income": 1}


def test_they_go_after_half_a_year_and_beyond_so_many(monkeypatch):
    today = timezone.localdate()
    for text, age in (("old", DAYS + 1), ("kept", DAYS), ("new", 0)):
        day = today - datetime.timedelta(days=age)
        Miss.objects.create(text=text, language="en", first_on=day, last_on=day)
    monkeypatch.setattr(chores, "_last_turn", -1e9)
    do_chores()
    assert set(kept()) == {"kept", "new"}
    monkeypatch.setattr(misses, "MOST", 1)
    expire()
    assert set(kept()) == {"new"}


def test_editors_read_and_delete_them_and_write_none(editor_client, member_client):
    today = timezone.localdate()
    for text, count in (("basic income", 2), ("robots", 5)):
        Miss.objects.create(text=text, language="en", count=count, first_on=today, last_on=today)
    address = reverse(Miss.snippet_viewset.get_url_name("list"))
    page = editor_client.get(address).content.decode()
    assert page.index("robots") < page.index("basic income")
    assert "Empty searches" in editor_client.get("/cms/").content.decode()
    row = Miss.objects.get(text="robots")
    for name in ("add", "edit"):
        arguments = [row.pk] if name == "edit" else []
        assert editor_client.get(reverse(Miss.snippet_viewset.get_url_name(name), args=arguments)).status_code == 302
    editor_client.post(reverse(Miss.snippet_viewset.get_url_name("delete"), args=[row.pk]))
    assert set(kept()) == {"basic income"}
    assert member_client.get(address).status_code == 302
