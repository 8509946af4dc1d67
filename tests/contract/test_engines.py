"""What every engine must do alike: the same tree finds the same documents."""

import datetime
import itertools
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.entries import Entry
from search.engines import database_engine
from search.engines.base import Found, Question
from search.engines.elastic.engine import ElasticsearchEngine
from search.engines.elastic.replica import ElasticsearchReplica
from search.tree import AllOf, AnyOf, Phrase, Term, Without
from sync.documents import documents_of
from sync.models import Document

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)
Ask = Callable[[Question], Found]


def publish(title: str, text: str = "", audience: str = "public", language: str = "en", **fields) -> str:
    """Write the documents of one entry and return its key."""
    pk = next(_numbers)
    entry = Entry(
        "resource", pk, language, title, ("library:resource", str(pk)), f"work:{pk}", audience, text=text, **fields
    )
    Document.objects.bulk_create(documents_of(entry.key, 1, [entry]).values())
    return entry.key


@pytest.fixture(params=["database", "elasticsearch"])
def ask(request) -> Ask:
    """Give a function that puts a question to an engine which knows all documents written until then."""
    if request.param == "database":
        return lambda question: database_engine().find(question)
    request.getfixturevalue("elasticsearch")
    replica = ElasticsearchReplica()
    replica.open(1)
    replica.swap(1)

    def run(question: Question) -> Found:
        outcomes = replica.put(1, list(Document.objects.all()))
        assert {outcome.kind for outcome in outcomes.values()} <= {"done"}, outcomes
        replica.refresh(1)
        return ElasticsearchEngine().find(question)

    return run


@pytest.fixture
def found(ask) -> Callable[..., set[str]]:
    """Give a function that returns the keys of all documents that a tree finds."""

    def run(tree, audience: str = "public", **asked) -> set[str]:
        ids = ask(Question(tree, audience, size=1_000, **asked)).ids
        return set(Document.objects.filter(id__in=ids).values_list("key", flat=True))

    return run


def stem(token: str) -> Term:
    return Term("stems", token)


def test_words_are_found_in_title_and_text_by_their_stem(found):
    in_title = publish("Pensions in rural areas")
    in_text = publish("Reform", text="The pension of each worker")
    publish("Maternity benefits")
    assert found(stem("pension")) == {in_title, in_text}


def test_all_of_any_of_and_without(found):
    both, one, other = publish("alpha beta"), publish("alpha"), publish("beta")
    assert found(AllOf((stem("alpha"), stem("beta")))) == {both}
    assert found(AnyOf((stem("alpha"), stem("beta")))) == {both, one, other}
    assert found(Without(stem("alpha"), stem("beta"))) == {one}
    assert found(Without(None, stem("beta"))) == {one}
    assert found(AnyOf((AllOf((stem("alpha"), Without(None, stem("beta")))), Term("words", "beta")))) == {
        both,
        one,
        other,
    }


def test_a_phrase_needs_its_order_and_nearness(found):
    phrase = publish("On social security law")
    publish("Security of social workers")
    publish("Social and economic security")
    assert found(Phrase("words", ("social", "security"))) == {phrase}


def test_a_phrase_does_not_run_from_the_title_into_the_text(found):
    publish("Old", text="age")
    assert found(Phrase("words", ("old", "age"))) == set()


def test_prefixes_find_beginnings_in_titles_only_where_asked(found):
    title, text = publish("Maternity"), publish("Other", text="maternal health")
    assert found(Term("title_words", "mat", prefix=True)) == {title}
    assert found(Term("words", "mat", prefix=True)) == {title, text}


def test_keys_find_topics_and_identifiers_and_never_words(found):
    tagged = publish(
        "Study", countries=("SEN",), themes=("maternity", "branches"), identifiers=("ilo:c102", "doi:10.1/a-b")
    )
    publish("country:sen theme:maternity ilo:c102")
    assert found(Term("keys", "country:sen")) == {tagged}
    assert found(Term("keys", "theme:branches")) == {tagged}
    assert found(Term("keys", "doi:10.1/a-b")) == {tagged}
    assert found(Term("keys", "ilo:c102")) == {tagged}
    assert found(Term("keys", "ilo:c10")) == set()


@pytest.mark.parametrize(
    "token", ["o'neil", 'a"b', "back\\slash", "100%", "c++", "a:b", "'", "*", "NOT", "é", "社会", "x" * 128]
)
def test_a_token_is_a_value_and_never_syntax(found, token):
    publish("Something else")
    key = publish(f"word {token}")
    found(Term("words", token))
    found(Term("words", token, prefix=True))
    found(Phrase("words", ("word", token)))
    assert found(Term("words", "word")) == {key}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=20))
def test_no_token_breaks_an_engine(token):
    for tree in (
        Term("stems", token),
        Term("title_words", token, True),
        Phrase("words", (token, token)),
        Term("keys", token),
    ):
        database_engine().matches(AnyOf((tree, Without(None, tree))), "public")


def test_each_audience_has_an_index_of_its_own(found):
    public, members, staff = (publish("canary", audience=a) for a in ("public", "members", "staff"))
    assert found(stem("canari")) == {public}
    assert found(stem("canari"), "members") == {public, members}
    assert found(stem("canari"), "staff") == {public, members, staff}
    assert database_engine().frequencies(["canari"], "public") == {"canari": 1}


def test_a_changed_document_is_found_by_its_new_words_only(found):
    key = publish("before")
    document = Document.objects.get(id=f"public:{key}:en")
    document.title_stems = document.title_words = "after"
    document.save()
    assert found(stem("after")) == {key}
    assert found(stem("befor")) == set()


def test_a_tombstone_and_a_deleted_document_are_not_found(found):
    hidden, deleted, kept = publish("word one"), publish("word two"), publish("word three")
    Document.objects.filter(key=hidden).update(gone=True)
    Document.objects.filter(key=deleted).delete()
    assert found(stem("word")) == {kept}
    assert found(None) == {kept}
    assert database_engine().faults() == []


def test_hits_carry_what_facets_and_families_need():
    key = publish("Facts", countries=("KEN",), date=datetime.date(2015, 3, 1), weight=2.0, facets={"year": 2015})
    (hit,) = database_engine().matches(stem("fact"), "public")
    assert (hit.family, hit.language, hit.date, hit.weight) == (f"work:{key[9:]}", "en", "2015-03-01", 2.0)
    assert {"kind:resource", "language:en", "country:ken", "year:2015"} <= set(hit.keys.split())


def test_a_rare_word_and_a_title_score_higher():
    for _ in range(20):
        publish("pension report", text="on many things")
    rare, in_text = publish("pension actuary"), publish("report", text="pension")
    hits = database_engine().matches(AnyOf((stem("pension"), stem("actuari"))), "public")
    scores = {Document.objects.get(number=hit.number).key: hit.score for hit in hits}
    assert max(scores, key=scores.get) == rare
    assert scores[rare] > 0 and scores[in_text] < scores[rare]


def test_no_more_than_the_limit_comes_back():
    for _ in range(5):
        publish("many")
    assert len(database_engine().matches(stem("mani"), "public", limit=3)) == 3
    assert len(database_engine().matches(None, "public", limit=2)) == 2


@pytest.mark.embedded
def test_where_there_are_too_many_the_best_are_found():
    for _ in range(5):
        publish("Pensions and much else of no use", text="pension and more, more, more")
    best = publish("Pension pension")
    for _ in range(5):
        publish("Pensions and much else of no use", text="pension and more, more, more")
    hits = database_engine().matches(stem("pension"), "public", limit=4)
    assert len(hits) == 4 == len({hit.number for hit in hits})
    assert max(hits, key=lambda hit: hit.score).id == f"public:{best}:en"


def test_where_there_are_too_many_titles_and_rare_words_are_found():
    common = [lambda: publish("On much else", text="pension and more")] * 15
    best_ones = [lambda: publish("Pension"), lambda: publish("On something", text="pension of an actuary")]
    in_title, rare = [write() for write in (*common, *best_ones, *common)][15:17]
    for tree, best in ((stem("pension"), [in_title]), (AnyOf((stem("pension"), stem("actuari"))), [in_title, rare])):
        hits = database_engine().matches(tree, "public", limit=4)
        assert len(hits) == 4 == len({hit.number for hit in hits})
        highest = sorted(hits, key=lambda hit: hit.score, reverse=True)[: len(best)]
        assert {hit.id for hit in highest} == {f"public:{key}:en" for key in best}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps long values outside of the row")
def test_hits_are_read_without_the_texts_behind_them():
    publish("maternity", text="cover")
    with CaptureQueriesContext(connection) as asked:
        database_engine().find(Question(None))
        database_engine().find(Question(Term("stems", "mater")))
    with connection.cursor() as cursor:
        for query in asked:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
            steps = " / ".join(row[3] for row in cursor.fetchall())
            assert "d USING COVERING INDEX search_hits (audience=?" in steps
        cursor.execute("PRAGMA table_info(sync_document)")
        columns = [row[1] for row in cursor.fetchall()]
    texts = ["title", "title_stems", "title_words", "summary", "text", "body_stems", "body_words"]
    assert columns[-len(texts) :] == texts


def test_an_index_that_lost_a_row_is_reported_and_built_anew():
    key = publish("whole")
    assert database_engine().faults() == [] and database_engine().gaps() == 0
    assert "it stays" in rebuilt()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            number = Document.objects.get(id=f"public:{key}:en").number
            columns = "title_stems, body_stems, title_words, body_words, keys"
            cursor.execute(
                f"INSERT INTO search_public (search_public, rowid, {columns}) SELECT 'delete', number, {columns}"
                f" FROM sync_document WHERE number = {number}"
            )
        else:
            cursor.execute("ALTER TABLE sync_document DISABLE TRIGGER search_vectors")
            cursor.execute("UPDATE sync_document SET search_stems = NULL WHERE key = %s", [key])
            cursor.execute("ALTER TABLE sync_document ENABLE TRIGGER search_vectors")
    assert database_engine().faults() != [] and database_engine().gaps() > 0
    assert "built anew" in rebuilt()
    assert database_engine().faults() == [] and database_engine().gaps() == 0


def rebuilt() -> str:
    said = StringIO()
    call_command("search_rebuild", stdout=said)
    return said.getvalue()
