"""Slips of typing: corrected at once where nothing was found, offered where little was, and never from what is hidden."""

import html
import re

import pytest

from library.models import Resource
from links.names import names_for
from search.models import Word
from search.query import Query
from search.spelling import correct
from search.words import forget
from sync.drain import drain
from tests.glossary.factories import concept, section
from tests.sync.helpers import country, resource

pytestmark = pytest.mark.django_db


def page(client, question: str, path: str = "/en/search/", **more) -> str:
    response = client.get(path, {"q": question, **more})
    assert response.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode())))


def corrected(question: str, language: str = "en", audience: str = "public") -> str | None:
    drain()
    found = correct(Query(question, language=language, audience=audience), names_for(audience))
    return found and found.text


def test_what_finds_nothing_is_corrected_at_once_and_the_page_says_so(client):
    resource("Unemployment insurance for domestic workers")
    shown = page(client, "unemploymnet insurance")
    assert "No results for “unemploymnet insurance”. Showing results for unemployment insurance." in shown
    assert "1 result for “unemployment insurance”" in shown
    found = client.get("/en/search/", {"q": "unemploymnet insurance"}).content.decode()
    way_back = re.search(r'<a href="([^"]+)">Search for “unemploymnet insurance” instead</a>', found)[1]
    assert "No results for “unemploymnet insurance”" in html.unescape(
        client.get(html.unescape(way_back)).content.decode()
    )
    answer = client.get("/api/v1/search/?q=unemploymnet").json()
    assert [r["title"] for r in answer["results"]] == ["Unemployment insurance for domestic workers"]
    assert answer["corrected"] == "unemployment" and answer["did_you_mean"] is None
    answer = client.get("/api/v1/search/?q=unemploymnet&strict=1").json()
    assert answer["results"] == [] and answer["corrected"] is None


def test_the_words_of_each_language_are_known_with_their_accents():
    resource("La sécurité sociale des gens de mer", language="fr")
    resource("Régimen de seguridad social", language="es")
    resource("Социальное обеспечение", language="ru")
    resource("الضمان الاجتماعي", language="ar")
    assert corrected("sécurtié socail", "fr") == "sécurité social"
    assert corrected("sécurtié") == "sécurité"
    assert corrected("regimne", "es") == "régimen"
    assert corrected("обеспечнеие") == "обеспечение"
    assert corrected("الاجتماغي") == "الاجتماعي"


def test_where_little_is_found_a_word_twenty_times_as_common_is_offered(client):
    for number in range(20):
        resource(f"Pension report {number}")
    resource("The penson family")
    shown = page(client, "penson")
    assert "1 result for “penson”" in shown and "Did you mean pension?" in shown
    answer = client.get("/api/v1/search/?q=penson").json()
    assert answer["corrected"] is None and answer["did_you_mean"] == "pension"
    Resource.objects.filter(title="Pension report 19").update(live=False)
    assert "Did you mean" not in page(client, "penson")


def test_a_word_that_stands_nowhere_is_corrected_where_the_others_find_something(client):
    resource("Maternity protection")
    resource("Senegal")
    shown = page(client, "maternty protection")
    assert "Showing results for maternity protection." in shown
    assert "1 result for “maternity protection”" in shown


def test_so_many_slips_as_the_word_is_long_and_never_in_its_first_letter():
    for word in ("fund", "family", "coverage", "universal"):
        resource(word)
    assert corrected("fnud") == "fund" and corrected("famlly") == "family"
    assert corrected("covreaeg") == "coverage" and corrected("unversl") is None
    assert corrected("unviersla") == "universal"
    assert corrected("gund") is None and corrected("amily") is None
    assert corrected("fun") is None and corrected("cverge") is None


@pytest.mark.parametrize("question", ['"penson"', "pens*", "-penson", "C1022", "GB.303/penson/2", "10.1111/penson.12"])
def test_phrases_beginnings_exclusions_and_identifiers_are_never_corrected(question):
    resource("Pension")
    assert corrected(question) is None
    assert corrected("penson") == "pension"


def test_own_words_are_never_corrected(client):
    resource("Pension")
    assert "No results for “penson”" in page(client, "penson", strict="1")
    assert "Showing results" not in page(client, "penson", strict="1")


def test_another_form_of_a_known_word_is_none_of_its_corrections():
    for number in range(20):
        resource(f"Schemes {number}")
    resource("Scheme")
    assert corrected("scheme") is None


def test_an_operator_stays_what_it_is():
    resource("Pension reform")
    assert corrected('penson OR "minimum wage" -reform') == 'pension OR "minimum wage" -reform'


def test_names_count_though_no_text_holds_them(client):
    country()
    concept(section("en", "means test"), section("fr", "contrôle des ressources"))
    resource("Contrôle des ressources", language="fr")
    assert corrected("controel") == "contrôle"
    assert "Showing results for means test." in page(client, "maens test")


def test_a_word_of_a_hidden_text_is_never_proposed(client, member_client, editor_client):
    Resource.objects.create(title="Xqcanary", language="en", type="report", live=False)
    assert "Showing results for xqcanary." in page(editor_client, "xqcanray")
    for browser in (client, member_client):
        assert "xqcanary" not in page(browser, "xqcanray").lower()


def test_a_word_that_was_public_is_not_proposed_once_it_is_hidden(client):
    row = resource("Xqcanary report")
    assert "Showing results for xqcanary." in page(client, "xqcanray")
    Resource.objects.filter(pk=row.pk).update(live=False)
    assert "xqcanary" not in page(client, "xqcanray").lower()
    assert Word.objects.filter(word="xqcanary").exists()
    forget(list(Word.objects.all()))
    assert not Word.objects.filter(word="xqcanary").exists()


def test_a_word_is_spelled_as_its_reader_may_read_it():
    Resource.objects.create(title="The XqCaNaRy", language="en", type="report", live=False)
    drain()
    assert Word.objects.filter(word="xqcanary", level=2, shown="XqCaNaRy").exists()
    resource("Of xqcanáry")
    drain()
    assert Word.objects.filter(word="xqcanary", level=0, shown="xqcanáry").exists()
    Resource.objects.create(title="XQCANARY", language="en", type="report", live=False)
    drain()
    assert Word.objects.filter(word="xqcanary", level=0, shown="xqcanáry").exists()


def test_words_in_use_are_kept():
    resource("Xqcanary report")
    drain()
    assert forget(list(Word.objects.all())) == 0
    assert Word.objects.filter(word="xqcanary", level=0, shown="xqcanary").exists()


def test_a_correction_that_finds_no_more_is_not_told(client):
    resource("Pension reform")
    shown = page(client, "penson zzzz")
    assert "Showing results" not in shown and "Did you mean" not in shown
    assert "Showing results for pension." in page(client, "penson")


def test_a_corrected_page_takes_few_statements(client, django_assert_max_num_queries):
    resource("Pension reform")
    page(client, "penson reform")
    with django_assert_max_num_queries(16):
        page(client, "penson reform")
