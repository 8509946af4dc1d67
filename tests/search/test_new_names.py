"""A new name reaches every text that holds it, however many they are."""

import pytest

from sync.folding import fold
from sync.models import Dirty, Document, State
from sync.projection import open_keys, project
from tests.glossary.factories import concept

pytestmark = pytest.mark.django_db
MANY = 10_500


def test_all_texts_that_hold_a_new_name_are_marked_and_no_others(drained):
    drained()
    common = {"audience": "staff", "kind": "resource", "language": "en", "version": 1, "bucket": 0, "hash": "0"}
    rows = [
        Document(id=f"staff:resource:{n}:en", key=f"resource:{n}", title_words="study", **common)
        for n in range(1, MANY + 101)
    ]
    for row in rows[:MANY]:
        row.body_words = "on the reserve fund"
    Document.objects.bulk_create(rows)
    fund = concept("reserve fund")
    fold()
    project([f"term:{fund.pk}"])
    marked = list(Dirty.objects.filter(cause="fanout").values_list("key", flat=True))
    assert len(marked) == len(set(marked)) == MANY
    assert set(marked) == {row.key for row in rows[:MANY]}
    while fold():
        pass
    assert State.objects.filter(urgent=False).count() == MANY and len(open_keys(5)) == 5
