"""The search page, its suggestions and its API, as readers and programs use them."""

import html
import re

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.models import Identifier, Resource
from search.results import PER_PAGE
from sync.drain import drain
from tests.sync.helpers import country, resource, theme

pytestmark = pytest.mark.django_db


def tag(row: Resource, *topics) -> Resource:
    for topic in topics:
        (row.themes if hasattr(topic, "slug") else row.countries).through.objects.create(
            resource=row, **{type(topic).__name__.lower(): topic}
        )
    return row


@pytest.fixture
def api(client):
    def ask(**parameters) -> dict:
        response = client.get("/api/v1/search/", parameters)
        assert response.status_code == 200
        return response.json()

    return ask


def titles(answer: dict) -> list[str]:
    return [result["title"] for result in answer["results"]]


def test_a_change_is_found_at_the_next_request(client):
    row = resource("Pensions for rural workers")
    assert "Pensions for rural workers" in strip(client.get("/en/search/", {"q": "rural pension"}))
    row.title = "Pensions for domestic workers"
    row.save()
    assert "rural" not in strip(client.get("/en/search/", {"q": "domestic"}))
    assert "Pensions for domestic workers" in strip(client.get("/en/search/", {"q": "domestic"}))
    Resource.objects.update(live=False)
    assert "No results for “domestic”" in strip(client.get("/en/search/", {"q": "domestic"}))


def strip(response) -> str:
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", "", response.content.decode())
    return html.unescape(re.sub(r"\s+", " ", text))


def test_a_result_has_the_fields_that_programs_rely_on(api):
    row = resource("Maternity protection", date="2015-03", abstract="On paid maternity leave.")
    answer = api(q="maternity")
    assert answer["count"] == 1 and answer["next"] is None
    assert answer["results"] == [
        {
            "id": f"resource:{row.pk}",
            "kind": "resource",
            "title": "Maternity protection",
            "language": "en",
            "url": f"http://testserver/en/library/{row.number}/",
            "snippet": "On paid <mark>maternity</mark> leave.",
            "page": None,
            "date": "2015-03",
        }
    ]


def test_words_that_name_a_country_or_theme_find_what_carries_it_with_lower_weight(api):
    senegal = country()
    named = resource("Senegal and its funds")
    tagged = tag(resource("Health mutuals"), senegal)
    for i in range(10):  # what half of all documents have tells none of them apart
        resource(f"Something else {i}")
    answer = api(q="Sénégal", kind="resource")
    assert titles(answer) == [named.title, tagged.title]
    assert titles(api(q="Sénégal", kind="resource", strict="1")) == [named.title]


def test_a_parent_theme_finds_its_children(api):
    root = theme("systems")
    tag(resource("On pension reform"), theme("pension-reform", root))
    assert titles(api(theme="systems", kind="resource")) == ["On pension reform"]


def test_filters_are_or_within_and_and_across_with_counts_of_the_siblings(api):
    senegal, kenya = country(), country("KEN", "KE", "Kenya")
    old_age = theme("old-age")
    tag(resource("One", date="2015"), senegal, old_age)
    tag(resource("Two", date="1995", language="fr"), kenya)
    tag(resource("Three", date="2021"), kenya, old_age)
    assert set(titles(api(kind="resource", country=["SEN", "KEN"]))) == {"One", "Two", "Three"}
    answer = api(kind="resource", country="KEN", branch="old-age")
    assert titles(answer) == ["Three"]
    counts = {o["value"]: o["count"] for o in answer["facets"]["country"]}
    assert counts == {"KEN": 1, "SEN": 1}  # choosing Senegal too would add one
    assert titles(api(kind="resource", year="2015")) == ["One"]
    assert set(titles(api(kind="resource", year=["2010-2019", "-1999"]))) == {"One", "Two"}
    assert titles(api(kind="resource", language="fr")) == ["Two"]
    assert api(kind="resource", year="so-long")["count"] == 0


def test_a_count_before_the_click_is_the_count_after_it(api):
    senegal, kenya = country(), country("KEN", "KE", "Kenya")
    for i in range(4):
        tag(resource(f"Study {i}", date=str(2009 + i)), *([senegal] if i % 2 else [kenya]))
    answer = api(q="study")
    for name, options in answer["facets"].items():
        for option in options:
            assert api(q="study", **{name: option["value"]})["count"] == option["count"], (name, option)


def test_editions_of_one_work_are_one_hit_in_the_readers_language(client):
    english = resource("Social protection report")
    french = resource("Rapport sur la protection sociale", language="fr", work=english.work)
    both = client.get("/api/v1/search/", {"q": "protection"}, headers={"accept-language": "fr"}).json()
    assert titles(both) == [french.title] and both["count"] == 1
    assert titles(client.get("/api/v1/search/", {"q": "protection"}).json()) == [english.title]
    assert titles(client.get("/api/v1/search/", {"q": "protection", "language": "fr"}).json()) == [french.title]
    page = client.get("/en/search/", {"q": "protection"}).content.decode()
    assert f'<a href="/en/library/{french.number}/" hreflang="fr">French</a>' in page
    Resource.objects.filter(pk=french.pk).update(live=False)
    assert 'hreflang="fr">French</a>' not in client.get("/en/search/", {"q": "protection"}).content.decode()


@pytest.mark.parametrize("question", ["978-92-2-123064-9", "9789221230649", "ISBN 978-92-2-123064-9"])
def test_an_isbn_comes_first(api, question):
    book = resource("Extending social security to all")
    Identifier.objects.create(resource=book, scheme="isbn", raw="978-92-2-123064-9")
    resource("ISBN numbers explained")
    assert titles(api(q=question))[0] == book.title


@pytest.mark.parametrize("question", ["C102", "c102", "C.102", "Convention No. 102", "convenio núm. 102"])
def test_an_instrument_comes_before_what_names_it(api, question):
    for i in range(3):
        resource(f"Study {i} of C102", abstract="C102 Convention No. 102 C102")
    standard = resource("Social Security (Minimum Standards) Convention, 1952 (No. 102)")
    Identifier.objects.create(resource=standard, scheme="ilo", raw="C102")
    answer = api(q=question)
    assert titles(answer)[0] == standard.title
    assert answer["count"] == 4


def test_an_exact_title_comes_first(api):
    resource("Pension reform in China", abstract="Pension reform. Pension reform. Pension reform.")
    resource("Pension reform")
    assert titles(api(q="pension reform"))[0] == "Pension reform"


def test_where_few_have_all_words_those_with_some_follow_and_the_page_says_so(client, api):
    resource("Maternity in Kenya and Senegal")
    resource("Maternity leave")
    assert titles(api(q="maternity Senegal")) == ["Maternity in Kenya and Senegal", "Maternity leave"]
    page = strip(client.get("/en/search/", {"q": "maternity Senegal"}))
    assert "1 result has all your words." in page
    assert titles(api(q="maternity Senegal", strict="1")) == ["Maternity in Kenya and Senegal"]


def test_pages_have_addresses_and_together_hold_every_result_once(api, client):
    for i in range(PER_PAGE + 3):
        resource(f"Report {i}")
    first = api(q="report")
    assert first["count"] == PER_PAGE + 3 and len(first["results"]) == PER_PAGE
    second = client.get(first["next"]).json()
    assert second["next"] is None and second["previous"].endswith("page=1")
    found = titles(first) + titles(second)
    assert len(found) == len(set(found)) == PER_PAGE + 3
    assert api(q="report", page="99")["results"] == []


def test_newest_first(api):
    for year in ("1999", "2020", ""):
        resource(f"Report {year}", date=year)
    assert titles(api(q="report", sort="newest")) == ["Report 2020", "Report 1999", "Report "]


def test_a_private_canary_is_never_found(client, member_client, editor_client):
    """A draft's words stand in no index that a reader's search touches."""
    Resource.objects.create(title="xqcanary draft", abstract="xqcanary", language="en", type="report", live=False)
    for browser in (client, member_client):
        for path in (
            "/en/search/?q=xqcanary",
            "/en/search/suggest/?q=xqc",
            "/api/v1/search/?q=xqcanary",
            "/api/v1/search/?q=xqc*",
        ):
            assert b"xqcanary draft" not in browser.get(path).content
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT term FROM search_public_vocabulary WHERE term LIKE 'xqcanar%'")
            assert cursor.fetchall() == []


def test_staff_find_a_new_draft_marked_as_one_and_nobody_finds_a_withdrawn_resource(client, editor_client):
    row = Resource.objects.create(title="xqdraft", language="en", type="report", live=False)
    assert titles(editor_client.get("/api/v1/search/?q=xqdraft").json()) == ["xqdraft"]
    address = f"/en/library/{row.number}/"
    assert "only staff see this page" in strip(editor_client.get(address))
    assert client.get(address).status_code == 404
    gone = resource("xqdraft withdrawn")
    Resource.objects.filter(pk=gone.pk).update(live=False)
    assert titles(editor_client.get("/api/v1/search/?q=xqdraft").json()) == ["xqdraft"]
    assert editor_client.get(f"/en/library/{gone.number}/").status_code == 404


def test_a_hit_that_the_database_no_longer_shows_is_dropped(client, monkeypatch):
    """With the projection stopped the index is stale; what readers see is not."""
    resource("Withdrawn study")
    resource("Other study")
    assert "Withdrawn study" in strip(client.get("/en/search/?q=study"))
    monkeypatch.setattr("search.views.before_read", lambda: None)
    monkeypatch.setattr("search.api.before_read", lambda: None)
    Resource.objects.filter(title="Withdrawn study").update(live=False)
    assert "Withdrawn" not in strip(client.get("/en/search/?q=study"))
    assert titles(client.get("/api/v1/search/?q=study").json()) == ["Other study"]
    assert client.get("/en/search/suggest/?q=withdr").json() == []


def test_suggestions_begin_like_what_is_typed(client):
    country()
    tag(resource("Senescence and care"), country("KEN", "KE", "Kenya"))
    tag(resource("A Senegalese study"), Resource.objects.first().countries.model.objects.get(iso3="SEN"))
    found = client.get("/en/search/suggest/?q=sén").json()
    assert [s["title"] for s in found] == ["Senegal", "A Senegalese study", "Senescence and care"]
    assert found[0]["url"] == "/en/countries/sen/" and found[0]["kind_label"] == "Country"
    assert client.get("/en/search/suggest/?q=study+sen").json()[0]["title"] == "A Senegalese study"
    assert client.get("/en/search/suggest/?q=").json() == []


@pytest.mark.parametrize(
    "path",
    [
        "/en/search/?q=study",
        "/fr/search/?q=study+x+y&country=SEN",
        "/en/search/suggest/?q=st",
        "/api/v1/search/?q=study&year=2015",
    ],
)
def test_a_search_takes_at_most_eight_statements(client, path, django_assert_max_num_queries):
    for i in range(5):
        tag(resource(f"Study {i}", date="2015"), country(f"AA{chr(65 + i)}", f"A{chr(65 + i)}", f"Land {i}"))
    drain()
    client.get(path)
    with django_assert_max_num_queries(8):
        client.get(path)


ODD = ['"', '""', "“", "\0", "a\0b", "x" * 10_000, "😀", "المعاش التقاعدي", "' OR 1=1 --", "*", "-", "- -", "(", "NOT AND OR", "c++", "%", "\\", "a:b",
       "社会保障", "title:pension", "{x}", "\ud800", "-a -b", "OR OR", "^", "pension NEAR/2 reform", "\u202e", "ﬁ"]  # fmt: skip


@pytest.mark.parametrize("question", ODD)
@pytest.mark.parametrize("path", ["/en/search/", "/en/search/suggest/", "/api/v1/search/"])
def test_no_question_is_an_error(client, question, path):
    resource("Pension")
    assert client.get(path, {"q": question.encode("utf-8", "surrogatepass")}).status_code == 200


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["q", "page", "sort", "strict", "kind", "country", "year", "language", "theme", "branch"]),
        st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=30), max_size=3),
    )
)
def test_no_parameter_is_an_error(client, parameters):
    assert client.get("/en/search/", parameters).status_code == 200
    assert client.get("/api/v1/search/", parameters).status_code == 200


def test_arabic_and_chinese_titles_are_found_by_a_part(api):
    resource("قانون التأمينات الاجتماعية", language="ar")
    resource("中国社会保障制度", language="zh")
    assert titles(api(q="التأمينات"))[:1] == ["قانون التأمينات الاجتماعية"]
    assert titles(api(q="社会保障"))[:1] == ["中国社会保障制度"]


def test_the_page_without_a_question_lists_everything_newest_filters_included(client):
    resource("Listed", date="2020")
    assert "1 result" in strip(client.get("/en/search/?kind=resource"))
    assert client.get(reverse("search")).status_code == 200


def test_markup_in_titles_and_questions_is_shown_as_text(client):
    resource("<script>alert(1)</script> pension <b>")
    for question in ("pension", "<script>alert(1)</script>"):
        page = client.get("/en/search/", {"q": question}).content.decode()
        assert "<script>alert" not in page
