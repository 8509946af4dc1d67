"""Other ways into the search and out of it: scopes, similar items, feeds, the browser's own search box."""

import html
import json
import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from library.models import Resource
from links.models import Link
from sync.models import Document
from tests.experts.factories import expert
from tests.glossary.factories import concept, section
from tests.library.factories import jordan, resource, senegal, theme
from tests.pages.factories import country_page, theme_page
from tests.qa.factories import published, question

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def read(client, path: str, **parameters) -> str:
    response = client.get(path, parameters, follow=path.startswith("/en/glossary/"))
    assert response.status_code == 200, path
    return response.content.decode()


def strip(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)))


def links(page: str, text: str) -> list[str]:
    found = re.findall(rf'<a [^>]*href="([^"]+)"[^>]*>{re.escape(text)}</a>', page)
    return [html.unescape(address) for address in found]


def listed(page: str) -> list[str]:
    return re.findall(r'<h3><a href="([^"]+)"', page)


# --- Scopes ----------------------------------------------------------------------------------------------------------
def test_a_country_and_a_theme_offer_to_search_inside_them(client):
    country_page("SEN", "en")
    theme_page("maternity")
    inside = resource("Maternity pay", countries=[senegal()], themes=[theme("maternity")])
    resource("Maternity pay elsewhere")
    for page, label, parameter in (
        ("/en/countries/sen/", "Search in Senegal", "country=SEN"),
        ("/en/themes/maternity/", "Search in Maternity", "theme=maternity"),
    ):
        (address,) = links(read(client, page), label)
        assert address == f"/en/search/?{parameter}"
        name, value = parameter.split("=")
        found = read(client, address + "&q=pay&kind=resource")
        assert listed(found) == [inside.get_absolute_url()]
        assert f'<input type="checkbox" name="{name}" value="{value}" checked> Only in ' in found
        assert 'aria-label="Remove filter: ' in found


def test_the_next_question_stays_in_the_scope_and_leaves_other_filters(client):
    resource("Maternity pay", countries=[senegal()])
    page = read(client, "/en/search/?q=pay&country=SEN&kind=resource&language=en")
    form = re.search(r'<form class="find".*?</form>', page, re.S)[0]
    assert re.findall(r'name="(\w+)"', form) == ["q", "country"]
    assert 'name="country"' not in re.search(r'<form class="find".*?</form>', read(client, "/en/"), re.S)[0]


# --- Similar items ---------------------------------------------------------------------------------------------------
@pytest.fixture
def alike(drained) -> dict[str, Resource]:
    text = "Actuarial valuation of provident funds in small island states."
    made = {
        "source": resource("Valuation of provident funds", abstract=text),
        "near": resource("Provident funds and their actuarial valuation", abstract="Small islands."),
        "listed": resource("Actuarial valuation", abstract=text),
        "hidden": resource("Actuarial valuation of a provident fund, draft", abstract=text, live=False),
        "far": resource("Maternity leave of domestic workers"),
    }
    made["edition"] = resource(
        "Évaluation actuarielle: provident funds valuation", language="fr", work=made["source"].work
    )
    drained()
    key = f"resource:{made['source'].pk}"
    Link.objects.create(source=f"resource:{made['listed'].pk}", target=key, how="reference", audience="public")
    return made


def test_similar_items_are_neither_the_entry_nor_what_its_page_lists(client, alike):
    source = alike["source"]
    (address,) = links(read(client, source.get_absolute_url()), "Similar items")
    page = read(client, address)
    assert listed(page) == [alike["near"].get_absolute_url()]
    assert links(page, source.title) == [source.get_absolute_url()]


def test_similar_items_of_every_kind_have_their_page(client, drained):
    country_page("SEN", "en")
    theme_page("maternity")
    term = concept(section("en", "provident fund"))
    asked = question(consent=True)
    published(asked, "An answer.")
    person = expert("Person")
    book = resource("Book", countries=[senegal()], themes=[theme("maternity")])
    drained()
    pages = [
        "/en/countries/sen/", "/en/themes/maternity/", term.get_absolute_url(), asked.get_absolute_url(),
        person.get_absolute_url(), book.get_absolute_url(),
    ]  # fmt: skip
    kinds = set()
    for page in pages:
        (address,) = links(read(client, page), "Similar items")
        read(client, address)
        kinds.add(address.split("/")[-3])
    assert kinds == {"country", "theme", "term", "question", "expert", "resource"}


def test_what_a_reader_may_not_see_has_no_similar_items(client, editor_client, alike):
    hidden = f"/en/search/similar/resource/{alike['hidden'].pk}/"
    assert client.get(hidden).status_code == 404
    assert alike["near"].get_absolute_url() in listed(read(editor_client, hidden))
    for path in ("resource/0", "resource/999999999999", "unknown/1", "page/1"):
        assert client.get(f"/en/search/similar/{path}/").status_code == 404


def test_similar_items_of_a_stale_index_are_checked(client, alike, monkeypatch):
    address = f"/en/search/similar/resource/{alike['source'].pk}/"
    assert listed(read(client, address))
    monkeypatch.setattr("search.views.before_read", lambda: None)
    Resource.objects.filter(pk=alike["near"].pk).update(live=False)
    assert listed(read(client, address)) == []
    Resource.objects.filter(pk=alike["source"].pk).update(live=False)
    assert client.get(address).status_code == 404


def test_similar_items_take_few_statements(client, alike, django_assert_max_num_queries):
    address = f"/en/search/similar/resource/{alike['source'].pk}/"
    read(client, address)
    with django_assert_max_num_queries(8):
        read(client, address)


# --- Feeds -----------------------------------------------------------------------------------------------------------
def entries(client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200 and response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return [
        entry.findtext(f"{ATOM}title") for entry in ElementTree.fromstring(response.content).findall(f"{ATOM}entry")
    ]


def test_a_result_page_leads_to_its_feed_which_is_newest_first(client, drained):
    for title in ("Pension one", "Pension two", "Maternity"):
        resource(title, countries=[senegal()])
        drained()
    resource("Pension elsewhere", countries=[jordan()])
    page = read(client, "/en/search/?q=pension&country=SEN&kind=resource&sort=newest&page=1")
    (address,) = links(page, "Atom feed of this search")
    assert (
        f'<link rel="alternate" type="application/atom+xml" title="GESS: “pension”" href="{html.escape(address)}">'
        in page
    )
    assert parse_qs(urlsplit(address).query) == {"q": ["pension"], "country": ["SEN"], "kind": ["resource"]}
    assert entries(client, address) == ["Pension two", "Pension one"]
    Document.objects.filter(title="Pension one").update(changed_at=timezone.now())
    assert entries(client, address) == ["Pension one", "Pension two"]
    feed = ElementTree.fromstring(client.get(address).content)
    assert feed.findtext(f"{ATOM}title") == "GESS: “pension”, Resource, Senegal"
    assert feed.find(f"{ATOM}link[@rel='alternate']").get("href").startswith("http://testserver/en/search/?q=pension&")


def test_a_feed_is_the_publics_whoever_asks_and_is_checked(client, editor_client, monkeypatch):
    row = resource("Pension shown")
    resource("Pension draft", live=False)
    path = "/en/search/feed.atom?q=pension"
    assert entries(client, path) == entries(editor_client, path) == ["Pension shown"]
    monkeypatch.setattr("search.feeds.before_read", lambda: None)
    Resource.objects.filter(pk=row.pk).update(live=False)
    assert entries(client, path) == []


def test_a_feed_has_only_what_has_every_word(client):
    resource("Maternity in Senegal")
    resource("Maternity leave")
    assert entries(client, "/en/search/feed.atom?q=maternity+senegal") == ["Maternity in Senegal"]
    assert entries(client, "/en/search/feed.atom?q=maternity+kenya") == []


def test_a_feed_is_not_sent_again_unchanged_and_takes_few_statements(client, django_assert_max_num_queries):
    resource("Pension")
    first = client.get("/en/search/feed.atom?q=pension")
    with django_assert_max_num_queries(8):
        again = client.get("/en/search/feed.atom?q=pension", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert client.get("/en/search/feed.atom?q=pension&page=3&sort=newest")["ETag"] != ""


# --- The browser's search box ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("language", "word"), [("en", "Documents"), ("fr", "Documents"), ("es", "Documentos")])
def test_the_browser_is_told_how_to_search_in_each_language(client, language, word):
    page = read(client, f"/{language}/")
    address = re.search(
        r'<link rel="search" type="application/opensearchdescription\+xml" title="GESS" href="([^"]+)">', page
    )[1]
    response = client.get(address)
    assert response["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription" and root.findtext(f"{OPENSEARCH}Language") == language
    assert len(root.findtext(f"{OPENSEARCH}ShortName")) <= 16
    assert word in root.findtext(f"{OPENSEARCH}Description")
    templates = {url.get("type"): url.get("template") for url in root.findall(f"{OPENSEARCH}Url")}
    assert templates["text/html"] == f"http://testserver/{language}/search/?q={{searchTerms}}&page={{startPage?}}"
    resource("Pension")
    for template in templates.values():
        asked = template.replace("{searchTerms}", "pension").replace("{startPage?}", "")
        assert client.get(asked).status_code == 200
    assert client.get(templates["application/opensearchdescription+xml"]).content == response.content


def test_without_a_language_the_browsers_own_is_spoken(client):
    for asked in ("/opensearch.xml", "/opensearch.xml?language=xx"):
        response = client.get(asked, headers={"accept-language": "fr"})
        assert b"<Language>fr</Language>" in response.content and "Accept-Language" in response["Vary"]


def test_the_browsers_suggestions_have_their_form(client):
    book = resource("Pension reform")
    response = client.get("/en/search/suggest/opensearch/?q=pens")
    assert response["Content-Type"] == "application/x-suggestions+json"
    assert json.loads(response.content) == [
        "pens", ["Pension reform"], ["Resource"], [f"http://testserver{book.get_absolute_url()}"],
    ]  # fmt: skip
