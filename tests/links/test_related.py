"""Lists of a topic: all kinds in one statement, five of each, counted, in one language each, and for whom they are."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from library.models import Resource
from links import related
from sync.models import Dirty
from tests.glossary.factories import pension
from tests.library.factories import resource, senegal, theme
from tests.pages.factories import country_page, scheme

pytestmark = pytest.mark.django_db
KINDS = ("resource", "term", "country", "nothing-of-the-kind")


@pytest.fixture
def topic(drained) -> str:
    country = senegal()
    for number in range(7):
        resource(f"Paper {number}", countries=[country], date=str(2010 + number))
    resource("Undated", countries=[country])
    resource("Draft", countries=[country], live=False)
    resource("Elsewhere")
    pension(countries=[country])
    country_page("SEN", schemes=[scheme(["old-age"])])
    drained()
    return f"country:{country.pk}"


def titles(found: dict) -> dict[str, list[str]]:
    return {kind: [document.title for document in documents] for kind, documents in found.items()}


def test_all_kinds_take_one_statement(topic, visitor, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = related.about_all(topic, KINDS, visitor, limit=3)
    assert titles(found) == {"resource": ["Paper 6", "Paper 5", "Paper 4"], "term": ["old-age pension"]}
    assert {kind: {document.total for document in rows} for kind, rows in found.items()} == {
        "resource": {8},
        "term": {1},
    }


def test_what_has_no_date_comes_last(topic, visitor):
    assert titles(related.about_all(topic, ["resource"], visitor, limit=9))["resource"][-1] == "Undated"


def test_staff_see_and_count_drafts(topic, editor):
    found = related.about_all(topic, ["resource"], editor, limit=9)["resource"]
    assert "Draft" in [document.title for document in found] and found[0].total == 9


def test_rows_decide_not_the_index(topic, visitor):
    Resource.objects.filter(title="Paper 6").update(live=False)
    Dirty.objects.all().delete()  # nobody heard of it
    found = related.about_all(topic, ["resource"], visitor)["resource"]
    assert found[0].title == "Paper 5" and found[0].total == 7
    assert related.newest(["resource"], visitor, 2)["resource"][0].title == "Paper 5"


def test_each_thing_is_told_in_the_reader_s_language(topic, visitor):
    with translation.override("fr"):
        assert titles(related.about_all(topic, ["term"], visitor)) == {"term": ["pension de vieillesse"]}


def test_no_kind_and_no_topic_are_no_list(topic):
    assert related.about_all(topic, [], AnonymousUser()) == {}
    assert related.about_all("country:0", KINDS, AnonymousUser()) == {}


def test_the_newest_of_each_kind_take_one_statement(topic, visitor, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = related.newest(["resource", "term", "country"], visitor, 9)
    assert titles(found) == {"resource": [f"Paper {number}" for number in range(6, -1, -1)]}  # no date is not new
    assert titles(related.newest(["resource"], visitor, 2)) == {"resource": ["Paper 6", "Paper 5"]}


def test_what_everybody_carries_brings_nothing_near_unless_nothing_is_rarer(drained, monkeypatch):
    rare, common = theme("maternity"), theme("social-protection")
    this, near = resource("This", themes=[rare, common]), resource("Near", themes=[rare])
    far = [resource(f"Far {number}", themes=[common]) for number in range(3)]
    drained()
    key, others = f"resource:{this.pk}", {f"resource:{row.pk}" for row in far}
    found = related.nearest(key, "public", 9)
    assert found[0] == f"resource:{near.pk}" and set(found[1:]) == others
    monkeypatch.setattr(related, "COMMON", 3)
    assert related.nearest(key, "public", 9) == [f"resource:{near.pk}"]
    near.delete()  # now nobody shares the rare one
    drained()
    assert set(related.nearest(key, "public", 9)) == others
