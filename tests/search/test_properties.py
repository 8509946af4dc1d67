"""What holds for every question and every set of filters."""

import random
from urllib.parse import quote, urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.query import query_from
from search.results import search
from sync.drain import drain
from tests.chance import times
from tests.library.factories import country, resource, theme

pytestmark = pytest.mark.django_db
FILTERS = ("kind", "branch", "theme", "country", "language", "year")
PATHS = (
    "/en/search/",
    "/fr/search/suggest/",
    "/es/search/suggest/opensearch/",
    "/en/search/feed.atom",
    "/api/v1/search/",
)
STRINGS = 10_000
AT_ONCE = 20


def examples(number: int) -> settings:
    return settings(max_examples=times(number), deadline=None, suppress_health_check=list(HealthCheck))


PIECES = [
    "pension", "pensions", "maternité", "Senegal", "peñsion", "penson", "社会保障", "التأمينات", "सुरक्षा", '"', "“", "«", "-", "−", "*", "OR", "|",
    "(", ")", ":", "AND", "NOT", "NEAR", "^", "{", "}", "title:", "C102", "978-92-2-123064-9", "10.1/x", "GB.303/1", "%", "\\", "'", "''", "\0",
    "\ud800", "\u200d", "\ufeff", "\u202e", "ﬁ", "İ", "ß", "<b>", "&amp;", "$", "?", "#", "x" * 300, "a " * 200, "\f", "\x85",
]  # fmt: skip
QUESTIONS = st.one_of(
    st.text(st.characters(), max_size=40),  # lone surrogates too
    st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(), max_size=4)), max_size=8).map("".join),
)
VALUES = st.one_of(
    QUESTIONS,
    st.sampled_from(
        [
            "resource",
            "SEN",
            "sen",
            "maternity",
            "fr",
            "2015",
            "2010-2019",
            "-",
            "-1989",
            "2020-",
            "0",
            "-1",
            "1",
            "2",
            "9" * 30,
            "newest",
        ]
    ),
)
PARAMETERS = st.dictionaries(
    st.sampled_from([*FILTERS, "page", "sort", "strict", "format", "language", "unknown"]),
    st.lists(VALUES, max_size=3),
    max_size=5,
)


def query_string(question: str, parameters: dict[str, list[str]]) -> str:
    return urlencode(
        [("q", question), *((n, v) for n, values in parameters.items() for v in values)], errors="surrogatepass"
    )


@pytest.fixture
def little(db) -> None:
    """A small index with words of several scripts, so that questions find something and corrections are proposed."""
    shelf = [("Pension reform", "en"), ("Pensions in Senegal", "en"), ("La maternité", "fr"), ("社会保障制度", "zh")]
    for title, language in shelf:
        resource(title, language=language, date="2015", countries=[], themes=[])
    resource("Both", countries=[country("SEN", "SN", "Senegal")], themes=[theme("maternity")])
    drain()


@examples(STRINGS // AT_ONCE)
@given(st.lists(QUESTIONS, min_size=AT_ONCE, max_size=AT_ONCE), PARAMETERS)
def test_ten_thousand_questions_are_answered(little, visitor, asked, parameters):
    """Whatever stands in an address, from its parameters to the page of results."""
    for question in asked:
        read = QueryDict(query_string(question, parameters))
        results = search(query_from(dict(read.lists()), "public", "en"), visitor)
        assert len(results.items) <= results.count


@examples(100)
@given(QUESTIONS, PARAMETERS)
def test_every_way_to_ask_answers_every_question(client, little, question, parameters):
    for path in PATHS:
        response = client.get(path, QUERY_STRING=query_string(question, parameters))
        assert response.status_code == 200, (path, question, parameters)


@examples(50)
@given(st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x21), max_size=80))
def test_a_query_string_of_any_characters_is_answered(client, little, raw):
    for path in PATHS:
        assert client.get(path, QUERY_STRING=raw).status_code == 200, (path, raw)
        assert client.get(path, QUERY_STRING="q=" + raw).status_code == 200, (path, raw)


@pytest.mark.parametrize("path", PATHS)
def test_a_whole_request_line_of_parameters_is_answered(client, little, path):
    """A web server takes some four thousand characters."""
    for raw in (
        "&".join(["a"] * 2_047),
        "q=" + "x" * 4_000,
        "q=" + quote("社" * 440),
        "q=" + "a+" * 2_000,
        "q=%22" * 580,
    ):
        assert client.get(path, QUERY_STRING=raw).status_code == 200, raw[:40]
    for name in FILTERS:
        values = "&".join(f"{name}={number}" for number in range(4_000 // (len(name) + 5)))
        assert client.get(path, QUERY_STRING=f"q=pension&{values}").status_code == 200, name


# --- Filters ---------------------------------------------------------------------------------------------------------
CODES = [("SEN", "SN", "Senegal"), ("KEN", "KE", "Kenya"), ("CPV", "CV", "Cabo Verde"), ("JOR", "JO", "Jordan")]
SLUGS = ["maternity", "old-age", "sickness", "financing"]
YEARS = ["1985", "1995", "2005", "2015", "2016", "2021", ""]


@pytest.fixture(params=[1, 2, 3])
def shelf(db, request) -> dict[str, list[str]]:
    """Forty works about anything, some in several languages; return the values of each filter."""
    chosen = random.Random(request.param)
    countries = [country(*code) for code in CODES]
    themes = [theme(slug) for slug in SLUGS]
    for number in range(40):
        topics = {
            "countries": chosen.sample(countries, chosen.randint(0, 3)), "themes": chosen.sample(themes, chosen.randint(0, 3)),
        }  # fmt: skip
        title = " ".join(chosen.sample(["pension", "reform", "fund", "report", "study"], 3))
        row = resource(
            f"{title} {number}", date=chosen.choice(YEARS), language=chosen.choice(["en", "fr", "es"]), **topics
        )
        if chosen.random() < 0.3:
            resource(f"{title} {number} bis", date=row.date, language="pt", work=row.work, **topics)
    drain()
    return {
        "country": [code for code, *_ in CODES], "theme": SLUGS, "branch": SLUGS[:3], "language": ["en", "fr", "es", "pt"],
        "year": ["2020-", "2010-2019", "2000-2009", "1990-1999", "-1989"], "kind": ["resource", "country", "theme"],
    }  # fmt: skip


@examples(25)
@given(st.data())
def test_a_count_beside_an_option_is_what_ticking_it_gives(client, shelf, data):
    """Without ticked siblings ticking an option gives just its count; with them it adds to theirs, and counts no work twice."""
    question = data.draw(
        st.sampled_from(["", "pension", "pension reform", '"fund report"', "study -reform", "fund OR study"])
    )
    filters = {
        name: data.draw(st.lists(st.sampled_from(values), max_size=2, unique=True)) for name, values in shelf.items()
    }
    used = {name: values for name, values in filters.items() if values and data.draw(st.booleans())}

    def ask(chosen: dict[str, list[str]]) -> dict:
        return client.get("/api/v1/search/", {"q": question, "strict": "1", **chosen}).json()

    answer = ask(used)
    shown = [(name, option) for name, options in answer["facets"].items() for option in options]
    for name, option in data.draw(st.lists(st.sampled_from(shown), max_size=4, unique_by=str)) if shown else []:
        ticked, value = used.get(name, []), option["value"]
        assert ask({**used, name: [value]})["count"] == option["count"], (name, value)
        if value not in ticked:
            both = ask({**used, name: [*ticked, value]})
            before = answer["count"] if ticked else 0
            assert max(before, option["count"]) <= both["count"] <= before + option["count"]
            if not ticked:
                assert both["count"] == option["count"]
            ticked_now = {o["value"]: o["count"] for o in both["facets"][name]}
            assert ticked_now == {o["value"]: o["count"] for o in answer["facets"][name]}, "siblings keep their counts"


@examples(25)
@given(st.data())
def test_the_results_are_those_that_pass_all_filters_and_the_pages_hold_each_once(client, shelf, data):
    filters = {
        name: data.draw(st.lists(st.sampled_from(values), max_size=2, unique=True)) for name, values in shelf.items()
    }
    found, page = [], 1
    while True:
        answer = client.get("/api/v1/search/", {**filters, "page": page}).json()
        found += [result["id"] for result in answer["results"]]
        if not answer["next"]:
            break
        page += 1
    assert len(found) == len(set(found)) == answer["count"]
