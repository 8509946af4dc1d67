"""A corpus written in bulk is the one that saving makes."""

from collections import Counter

import pytest
from django.db import connection
from django.db.models import Model

from benchmarks import bulk, filling
from library.models import Resource, Work
from links.models import Link, Name
from search.engines import database_engine
from search.models import Word
from search.tree import Term
from sync import capture
from sync.drain import drain
from sync.models import Document, State
from taxonomy.models import Country, Theme

SIZE = 60
WHEN = {"first_published_at", "last_published_at", "changed_at", "since"}
ORDER = {"id", "number", "version", "want", "done", "urgent"}  # of writing

pytestmark = pytest.mark.django_db(transaction=True)


def topics() -> None:
    """Make what records point into: themes, one below another, and countries."""
    parent = Theme.objects.create(slug="bench-a", name_en="Bench A")
    Theme.objects.create(slug="bench-b", name_en="Bench B", parent=parent)
    for iso3, iso2 in (("XAA", "XA"), ("XBB", "XB")):
        Country.objects.create(iso3=iso3, iso2=iso2, name_en=iso3)
    drain()


def rows(model: type[Model], left_out: set[str]) -> list[str]:
    """Return all rows of a model, without the columns that may differ."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in left_out]
    return sorted(map(repr, model._default_manager.values_list(*names)))


def found() -> Counter[tuple[str, str, str]]:
    """Return which documents the full text finds by each of some words, by audience."""
    words = Word.objects.order_by("word").values_list("word", flat=True)[::50]
    ids = dict(Document.objects.values_list("number", "id"))
    return Counter(
        (audience, word, ids[number])
        for audience in ("public", "staff")
        for word in words
        for number in database_engine().numbers(Term("words", word), audience, 1_000)
    )


def everything() -> dict[str, object]:
    tables = {
        Document: WHEN | (ORDER - {"id"}),
        Link: ORDER,
        Name: ORDER,
        Word: ORDER,
        State: WHEN | ORDER,
        Resource: WHEN,
        Work: set(),
        Resource.themes.through: ORDER,
        Resource.countries.through: ORDER,
    }
    return {"full text": found(), **{model._meta.db_table: rows(model, out) for model, out in tables.items()}}


def test_bulk_writes_what_saving_does(django_db_setup, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 25)
    monkeypatch.setattr(bulk, "KEYS", 10)
    django_db_setup.restore()  # numbers that tests before used up count, too
    topics()
    filling.save(SIZE)
    saved = everything()
    django_db_setup.restore()
    topics()
    bulk.insert(SIZE)
    written = everything()
    assert len(saved["sync_document"]) > 3 * SIZE and len(saved["full text"]) > SIZE
    for table, expected in saved.items():
        assert written[table] == expected, table


def test_after_bulk_the_database_goes_on_as_usual():
    topics()
    bulk.insert(SIZE)
    assert not capture.difference(connection)[0]
    assert database_engine().is_installed(connection) and not database_engine().faults()
    assert not State.objects.filter(done__lt=1).exists()
    resource = Resource(number=7, language="en", type="report", title="Afterwards")
    resource.save()
    drain()
    assert Document.objects.filter(key=f"resource:{resource.pk}", title="Afterwards").exists()
