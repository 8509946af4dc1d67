"""A text without end costs no more than a long one, and is found by its beginning."""

import pytest

from sync import documents
from sync.checking import compare
from sync.documents import MAX_TEXT
from sync.drain import drain
from sync.models import Document
from sync.projection import expected
from tests.sync.helpers import resource

pytestmark = pytest.mark.django_db


def test_a_huge_text_is_indexed_by_its_beginning():
    resource("Huge", abstract="beginning " + "word " * (MAX_TEXT // 5) + "ending")
    drain()
    found = Document.objects.get(audience="public", kind="resource")
    assert len(found.summary) == MAX_TEXT
    assert "beginning" in found.body_words and "ending" not in found.body_words
    assert len(compare()) == 0


def test_a_text_of_usual_length_is_whole():
    resource("Usual", abstract="word " * 1000 + "ending")
    drain()
    assert Document.objects.get(audience="public", kind="resource").summary.endswith("ending")


def test_a_text_is_analysed_once_for_all_audiences(monkeypatch):
    analysed = []
    derived = documents._derived
    monkeypatch.setattr(documents, "_derived", lambda entry: analysed.append(entry.key) or derived(entry))
    row = resource("Study")
    assert len(expected([f"resource:{row.pk}"])) == 3
    assert analysed == [f"resource:{row.pk}"]
