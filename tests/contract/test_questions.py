"""What every engine must answer alike: works, filters, counts, order and pages of whole questions."""

import datetime
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.entries import Entry
from search.engines import database_engine
from search.engines.base import Question
from search.engines.elastic.engine import ElasticsearchEngine
from search.engines.elastic.replica import ElasticsearchReplica
from search.tree import AllOf, AnyOf, Term
from sync.documents import documents_of
from sync.models import Document
from tests.contract.test_engines import ask  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
_numbers = itertools.count(100_000)


def publish(title: str, family: str = "", language: str = "en", kind: str = "resource", **fields) -> str:
    """Write the documents of one entry and return the id of its public one."""
    pk = next(_numbers)
    entry = Entry(kind, pk, language, title, ("library:resource", str(pk)), family or f"work:{pk}", "public", **fields)
    Document.objects.bulk_create(documents_of(entry.key, 1, [entry]).values())
    return f"public:{entry.key}:{language}"


def stem(token: str) -> Term:
    return Term("stems", token)


def test_a_work_is_one_hit_in_the_first_language_that_there_is(ask):  # noqa: F811
    english = publish("pension pension", family="work:one")
    french = publish("pension", family="work:one", language="fr")
    other = publish("pension at work", text="many more words than elsewhere " * 5)
    found = ask(Question(stem("pension"), languages=("fr",)))
    assert set(found.ids) == {french, other}
    assert (found.count, found.matched, found.exact) == (2, 2, True)
    assert set(ask(Question(stem("pension"), languages=("es", "en"))).ids) == {english, other}


def test_filters_narrow_and_their_own_counts_keep_the_siblings(ask):  # noqa: F811
    for country, year, theme in [("SEN", 2012, "maternity"), ("SEN", 2021, "branches"), ("KEN", 1985, "maternity")]:
        publish("law", countries=(country,), themes=(theme,), facets={"year": year}, date=datetime.date(year, 1, 1))
    publish("law", family="work:two", countries=("SEN",), facets={"year": 2015})
    publish("law", family="work:two", countries=("SEN",), facets={"year": 2018}, language="fr")
    everything = ask(Question(stem("law")))
    assert everything.count == 4
    assert everything.counts["country"] == {"SEN": 3, "KEN": 1}
    assert everything.counts["year"] == {"2010-2019": 2, "2020-": 1, "-1989": 1}
    assert everything.counts["branch"] == {"maternity": 2}
    senegal = ask(Question(stem("law"), filters={"country": ("SEN",), "year": ("2010-2019", "-1989")}))
    assert (senegal.count, senegal.matched) == (2, 4)
    assert senegal.counts["country"] == {"SEN": 2, "KEN": 1}
    assert senegal.counts["year"] == {"2010-2019": 2, "2020-": 1}
    assert senegal.counts["kind"] == {"resource": 2}
    assert ask(Question(stem("law"), filters={"branch": ("branches",)})).count == 0, "branches is no branch"
    assert ask(Question(stem("law"), filters={"year": ("nonsense",)})).count == 0


def test_the_wider_tree_comes_after_the_strict_one_and_what_is_meant_exactly_first(ask):  # noqa: F811
    both = publish("alpha beta", text="with many other words around it " * 10)
    one = publish("alpha", weight=9.0)
    exact = publish("beta", identifiers=("ilo:c102",), text="nothing else " * 10)
    strict, wide = AllOf((stem("alpha"), stem("beta"))), AnyOf((stem("alpha"), stem("beta")))
    found = ask(Question(strict, wider=wide))
    assert found.ids[0] == both and set(found.ids[1:]) == {one, exact}
    assert (found.count, found.matched) == (3, 1)
    assert ask(Question(strict, wider=wide, first=frozenset(["ilo:c102"]))).ids[:2] == [exact, both]


def test_a_page_is_full_of_works_however_many_editions_they_have(ask):  # noqa: F811
    family = {}
    for number in range(4):
        for language in ("en", "fr", "es"):
            doc_id = publish("form 12", family=f"work:page{number}", language=language)
            family[doc_id] = number
    first = ask(Question(stem("12"), size=3))
    second = ask(Question(stem("12"), start=3, size=3))
    assert (len(first.ids), len(second.ids)) == (3, 1)
    assert {family[doc_id] for doc_id in [*first.ids, *second.ids]} == {0, 1, 2, 3}
    assert (first.count, second.count) == (4, 4)


def test_newest_first_and_pages_without_gap_or_double(ask):  # noqa: F811
    dates = {publish("same", date=datetime.date(2000 + n, 1, 1)): n for n in range(7)}
    undated = publish("same")
    first = ask(Question(stem("same"), sort="newest", size=5))
    second = ask(Question(stem("same"), sort="newest", start=5, size=5))
    assert first.ids + second.ids == [*sorted(dates, key=dates.get, reverse=True), undated]
    assert ask(Question(stem("same"), start=19_980, size=20)).ids == []
    assert ask(Question(stem("same"), start=19_980, size=20)).count == 8


def test_a_heavier_entry_comes_before_its_like(ask):  # noqa: F811
    light = publish("validated pension")
    heavy = publish("validated pension", weight=1.5)
    assert ask(Question(stem("pension"))).ids == [heavy, light]


NODES = st.recursive(
    st.builds(Term, st.sampled_from(["stems", "words", "title_words"]), st.sampled_from("abcd"), st.booleans())
    | st.builds(Term, st.just("keys"), st.sampled_from(["country:sen", "country:ken", "kind:resource"])),
    lambda nodes: (
        st.builds(lambda found: AllOf(tuple(found)), st.lists(nodes, min_size=1, max_size=3))
        | st.builds(lambda found: AnyOf(tuple(found)), st.lists(nodes, min_size=1, max_size=3))
    ),
    max_leaves=6,
)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data())
def test_every_tree_finds_the_same_in_elasticsearch_and_the_database(elasticsearch, data):
    if not Document.objects.exists():
        for title, text, countries in itertools.product(
            ["a", "b c", "d a"], ["", "b d", "c"], [(), ("SEN",), ("KEN",)]
        ):
            publish(title, text=text, countries=countries)
        replica = ElasticsearchReplica()
        replica.open(1)
        replica.swap(1)
        replica.put(1, list(Document.objects.all()))
        replica.refresh(1)
    filters = data.draw(st.fixed_dictionaries({}, optional={"country": st.just(("SEN",)), "kind": st.just(("term",))}))
    question = Question(data.draw(NODES), filters=filters, size=100)
    theirs, ours = ElasticsearchEngine().find(question), database_engine().find(question)
    assert set(theirs.ids) == set(ours.ids)
    assert (theirs.count, theirs.matched) == (ours.count, ours.matched)
    assert {n: +c for n, c in theirs.counts.items()} == {n: +c for n, c in ours.counts.items()}
