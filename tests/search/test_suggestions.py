"""What the box offers while a question is typed."""

import pytest

from library.models import Identifier, Resource
from sync.drain import drain
from tests.experts.factories import expert
from tests.glossary.factories import concept, section, word
from tests.library.factories import country, resource, senegal, theme

pytestmark = pytest.mark.django_db


def offered(client, typed: str, language: str = "en") -> list[str]:
    response = client.get(f"/{language}/search/suggest/", {"q": typed})
    assert response.status_code == 200
    return [found["title"] for found in response.json()]


def test_names_come_before_experts_before_titles(client):
    concept(section("en", "seniority"))
    expert("Senait Bekele")
    resource("Senegal and its funds", countries=[senegal()], themes=[theme("seniors")])
    resource("On seniors")
    assert offered(client, "sen") == [
        "Senegal", "Seniors", "seniority", "Senait Bekele", "On seniors", "Senegal and its funds",
    ]  # fmt: skip


def test_any_word_of_a_name_or_title_may_begin_so_whatever_its_accents(client):
    resource("Étude sur la maternité", language="fr", countries=[country("STP", "ST", "São Tomé and Príncipe")])
    assert offered(client, "prin") == ["São Tomé and Príncipe"]
    assert offered(client, "TOME") == ["São Tomé and Príncipe"]
    assert offered(client, "etude mater") == offered(client, "maternité étu") == ["Étude sur la maternité"]
    assert offered(client, "tude") == offered(client, "mater etude x") == []


def test_a_thing_is_offered_once_by_its_chief_name_in_the_readers_language(client):
    concept(
        section("en", "means test", word("income test", status="admitted")), section("fr", "contrôle des ressources")
    )
    assert offered(client, "inc") == ["means test"]
    assert offered(client, "mea", "fr") == ["contrôle des ressources"]
    assert offered(client, "cont") == ["means test"]
    assert offered(client, "contr", "es") == ["means test"]


def test_what_is_called_so_comes_before_what_is_also_called_so(client):
    concept(section("en", "contribution", word("pension contribution", status="admitted")))
    concept(section("en", "pensionable age of insured persons"))
    assert offered(client, "pens") == ["pensionable age of insured persons", "contribution"]


def test_many_names_leave_room_for_titles_and_fill_it_if_there_are_none(client):
    for number in range(10):
        concept(section("en", f"pension {number}"))
    assert len(offered(client, "pens")) == 8
    for number in range(3):
        resource(f"A pension study {number}")
    found = offered(client, "pens")
    assert len(found) == 8 and found[:5] == [f"pension {number}" for number in range(5)]
    assert found[5:] == [f"A pension study {number}" for number in range(3)]


def test_editions_of_one_work_are_offered_once(client):
    english = resource("Protection report")
    resource("Protection sociale", language="fr", work=english.work)
    assert offered(client, "prot") == ["Protection report"]
    assert offered(client, "prot", "fr") == ["Protection sociale"]


def test_a_name_is_found_however_many_newer_titles_begin_so(client, monkeypatch):
    expert("Socheata Kim")
    for number in range(5):
        resource(f"Social study {number}", countries=[country("SOM", "SO", "Somalia")] if not number else [])
    monkeypatch.setattr("search.suggestions.CANDIDATES", 2)
    assert {"Somalia", "Socheata Kim"} < set(offered(client, "so"))


def test_an_instrument_is_offered_by_its_number(client):
    standard = resource("Social Security (Minimum Standards) Convention")
    Identifier.objects.create(resource=standard, scheme="ilo", raw="C102")
    assert offered(client, "C102") == ["Social Security (Minimum Standards) Convention"]


def test_what_is_hidden_is_not_offered_even_by_a_stale_index(client, monkeypatch):
    row = resource("Withdrawn study", countries=[senegal()])
    assert offered(client, "withdr") == ["Withdrawn study"]
    monkeypatch.setattr("search.views.before_read", lambda: None)
    Resource.objects.filter(pk=row.pk).update(live=False)
    assert offered(client, "withdr") == []


def test_it_takes_few_statements_whatever_is_found(client, django_assert_num_queries):
    for round_ in range(2):
        for number in range(3):
            concept(section("en", f"pension {round_} {number}"))
            resource(f"Pension {round_} {number}")
        drain()
        offered(client, "pens")
        with django_assert_num_queries(6):
            offered(client, "pens")
