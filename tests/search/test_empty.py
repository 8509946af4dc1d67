"""A page without results says what would help; every state of the page has its address."""

import html
import re

import pytest

from search.results import PER_PAGE
from tests.library.factories import jordan, resource, senegal, theme
from tests.pages.factories import country_page

pytestmark = pytest.mark.django_db


def advised(client, path: str) -> dict[str, str]:
    """Return what a page without results advises: texts and their addresses, "" where there is none."""
    page = client.get(path).content.decode()
    (listed,) = re.findall(r'<h2>What may help</h2>\s*<ul class="prose">(.*?)</ul>', page, re.S)
    found = {}
    for row in re.findall(r"<li>(.*?)</li>", listed, re.S):
        address = re.search(r'href="([^"]+)"', row)
        found[html.unescape(re.sub(r"<[^>]+>", "", row))] = html.unescape(address[1]) if address else ""
    return found


def test_filters_are_told_with_what_dropping_them_gives(client):
    for number in range(3):
        resource(f"Maternity {number}", countries=[senegal()], date="2015")
    resource("Pension", countries=[jordan()], date="1999")
    found = advised(client, "/en/search/?q=maternity&kind=resource&country=JOR&year=2015")
    first, *_rest = found
    assert first == "Remove filter: Country: Jordan (3 results)"
    assert "Clear filters (3 results)" not in found or found["Clear filters (3 results)"] == "/en/search/?q=maternity"
    assert not any(text.startswith("Remove filter: Year") for text in found), "nothing is found without it either"
    page = client.get(found[first]).content.decode()
    assert "3 results for" in page


def test_several_filters_that_only_together_hide_all_can_be_cleared(client):
    resource("Maternity", countries=[senegal()], date="2015")
    found = advised(client, "/en/search/?q=maternity&country=JOR&year=1999")
    assert not any(text.startswith("Remove filter") for text in found)
    (clear,) = [address for text, address in found.items() if text.startswith("Clear filters (")]
    assert clear == "/en/search/?q=maternity" and "Maternity" in client.get(clear).content.decode()


@pytest.mark.parametrize(
    "question",
    [
        "maternity",
        "maternity leave pay",
        "maternity zzzz",
        "maternti",
        '"maternity leave"',
        "a long question on maternity leave and pay in the law",
        "maternity -pay",
        "senegal leave",
    ],
)
@pytest.mark.parametrize(
    "filters", ["country=JOR", "country=JOR&kind=resource", "language=es", "language=es&country=JOR", "year=1999"]
)
def test_what_is_told_is_what_is_found(client, question, filters):
    resource("Maternity leave", countries=[senegal()], date="2015")
    resource("Leave of absence", countries=[senegal()], date="2015")
    resource("Maternity pay", countries=[senegal()], date="2015", language="fr")
    resource("Pensions", countries=[jordan()], date="2015", language="fr")
    page = client.get(f"/en/search/?q={question}&{filters}").content.decode()
    if "What may help" not in page:
        return  # something passes the filters
    told = {
        text: address
        for text, address in advised(client, f"/en/search/?q={question}&{filters}").items()
        if "result" in text
    }
    for text, address in told.items():
        count = re.search(r"\((\d+) results?\)", text)[1]
        assert client.get(address.replace("/en/search/", "/api/v1/search/")).json()["count"] == int(count), text


def test_topics_named_wider_searches_lists_and_the_office_are_offered(client):
    country_page("SEN", "en")
    found = advised(client, "/en/search/?q=Senegal&kind=expert")
    assert found["Senegal"] == "/en/countries/sen/"
    assert found["Browse the themes"] == "/en/themes/" and found["Browse the countries"] == "/en/countries/"
    assert found["Ask a question"] == "/en/questions/ask/"
    assert found["Try fewer or more general words, or the name of a country."] == ""
    found = advised(client, "/en/search/?q=zzzz&strict=1")
    assert found["Search wider"] == "/en/search/?q=zzzz"
    assert "Search wider" not in advised(client, "/en/search/?q=zzzz")


def test_beyond_the_last_page_the_first_one_is_offered(client):
    resource("Maternity")
    assert advised(client, "/en/search/?q=maternity&page=9")["First page"] == "/en/search/?q=maternity"


def test_a_page_with_results_advises_nothing(client):
    resource("Maternity")
    assert "What may help" not in client.get("/en/search/?q=maternity").content.decode()


def test_every_state_that_a_page_leads_to_has_an_address_that_leads_back_to_it(client):
    """All links of a result page, followed for two steps, are states of their own and show what they say."""
    for number in range(PER_PAGE + 1):
        resource(f"Maternity {number}", countries=[senegal() if number % 2 else jordan()], themes=[theme("maternity")])
    start = "/en/search/?q=maternity&country=SEN&country=JOR&sort=newest"
    seen, waiting = set(), [start]
    for _step in range(2):
        for path in list(waiting):
            if path in seen:
                continue
            seen.add(path)
            response = client.get(path)
            assert response.status_code == 200, path
            addresses = {
                html.unescape(a) for a in re.findall(r'href="(/en/search/\?[^"]*)"', response.content.decode())
            }
            waiting += sorted(addresses - seen)
    assert "/en/search/?q=maternity&country=SEN&country=JOR&sort=newest&page=2" in waiting
    assert "/en/search/?q=maternity&country=SEN&country=JOR" in waiting
    assert "/en/search/?q=maternity&country=JOR&sort=newest" in waiting
    page = client.get(f"{start}&page=2").content.decode()
    ticked = re.findall(r'<input type="checkbox" name="(\w+)" value="(\w+)" checked>', page)
    assert {("country", "SEN"), ("country", "JOR")} <= set(ticked)
    assert 'aria-current="page">2</b>' in page and "<b>Newest first</b>" in page
    assert '<input type="hidden" name="sort" value="newest">' in page  # the next filter keeps the order
