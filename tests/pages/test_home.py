"""What the home page shows of each kind, and what it leaves out."""

import datetime

import pytest
from django.utils import timezone

from links import related
from qa.choices import Visibility
from tests.glossary.factories import concept, pension, section
from tests.library.factories import resource
from tests.pages.factories import country_page, free_page, theme_page
from tests.qa.factories import published, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(client, drained, django_assert_max_num_queries):
    def run(url: str):
        drained()
        with django_assert_max_num_queries(8):
            return client.get(url)

    return run


@pytest.fixture
def everything(db):
    """Something of every kind but experts, and more than the page has room for."""
    for number in range(7):
        resource(f"Paper {number}", date=str(2010 + number))
    for number in range(4):
        case = question(title=f"Question {number}?", visibility=Visibility.PUBLIC, consent=True)
        published(case, title=f"Question {number}?")
    pension()
    concept("draft term", draft=True)
    country_page(reviewed_on=datetime.date(2026, 3, 12))
    country_page("KEN", reviewed_on=datetime.date(2026, 3, 10))
    country_page("CPV")
    theme_page(reviewed_on=datetime.date(2026, 3, 11))
    theme_page("sickness", reviewed_on=datetime.date(2026, 3, 13), live=False)
    free_page(reviewed_on=datetime.date(2026, 3, 9))


def test_home_with_everything_keeps_to_the_budget(get, everything):
    response = get("/en/")
    html = response.content.decode()
    assert [item.title for item in response.context["answered"]] == [f"Question {n}?" for n in (3, 2, 1)]
    assert [item.title for item in response.context["new_resources"]] == [f"Paper {n}" for n in (6, 5, 4, 3, 2)]
    changed = [(day.isoformat(), item.kind, item.title) for day, item in response.context["changed"]]
    assert changed == [
        ("2026-03-12", "country", "Senegal"),
        ("2026-03-11", "theme", "Old-age"),
        ("2026-03-10", "country", "Kenya"),
        ("2026-03-09", "page", "Privacy"),
    ]
    assert response.context["numbers"][:3] == ["7 resources", "1 term", "3 countries"]
    assert response.context["numbers"][-1] == "4 questions"
    for heading in ("Answered lately", "New in the library", "From the glossary", "What changed"):
        assert heading in html
    assert "draft term" not in html and "12 Mar" in html


def test_what_changed_on_one_day_is_not_all_of_one_kind(get):
    day = datetime.date(2026, 3, 12)
    for iso3 in ("SEN", "KEN", "CPV"):
        country_page(iso3, reviewed_on=day)
    theme_page(reviewed_on=day)
    free_page(reviewed_on=day)
    kinds = [item.kind for _, item in get("/en/").context["changed"]]
    assert kinds == ["country", "theme", "page", "country", "country"]


def test_what_is_empty_is_left_out(get):
    html = get("/en/").content.decode()
    for heading in ("Answered lately", "New in the library", "From the glossary", "What changed"):
        assert heading not in html


def test_the_term_is_told_in_the_reader_s_language_with_its_equivalents(get, everything):
    html = get("/fr/").content.decode()
    assert "pension de vieillesse" in html and "what pension de vieillesse means" in html and "pensión de vejez" in html


def test_a_language_without_terms_has_no_term(get):
    concept(section("en", "benefit"))
    assert get("/es/").context["term"] is None and get("/en/").context["term"].title == "benefit"


def test_each_day_has_its_term_and_a_round_shows_all(drained):
    for word in ("benefit", "claim", "fund"):
        concept(section("en", word))
    drained()
    start = timezone.localdate()
    titles = [related.of_the_day("term", start + datetime.timedelta(days=n)).title for n in range(6)]
    assert set(titles[:3]) == {"benefit", "claim", "fund"} and titles[:3] == titles[3:]
    assert related.of_the_day("term", start).title == titles[0], "the same all day"


def test_the_three_examples_are_searches_in_three_languages(get, client):
    examples = get("/fr/").context["examples"]
    assert [language for _, language, _ in examples] == ["en", "fr", "es"]
    for text, _, url in examples:
        assert client.get(url).context["query"].text == text
