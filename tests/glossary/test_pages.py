"""The glossary as readers use it: A to Z, a term's page, its addresses, its popover."""

import re

import pytest

from glossary.models import Collection, LanguageSection
from tests.glossary.factories import concept, pension, section, word
from tests.library.factories import resource, theme

pytestmark = pytest.mark.django_db


def headwords(page: str) -> list[str]:
    return re.findall(r'<h3><a href="[^"]*/glossary/[^"]*">([^<]*)</a></h3>', page)


def test_a_to_z_follows_the_language(client):
    for text in ("nómina", "ñandú", "nube", "opción", "Núcleo"):
        concept(section("es", text), section("en", f"english {text}"))
    page = client.get("/es/glossary/").content.decode()
    letters = re.findall(r"letter=([^\"]+)\">|aria-current=\"page\">(.)</b>", page)
    assert [a or b for a, b in letters] == ["N", "%C3%91", "O"]
    assert headwords(page) == ["nómina", "nube", "Núcleo"]
    assert headwords(client.get("/es/glossary/?letter=ñ").content.decode()) == ["ñandú"]
    assert headwords(client.get("/es/glossary/?letter=zz").content.decode()) == ["nómina", "nube", "Núcleo"]
    assert len(headwords(client.get("/en/glossary/").content.decode())) == 5
    assert headwords(client.get("/fr/glossary/").content.decode()) == []


def test_a_row_says_the_definition_and_the_equivalents(client):
    made = pension()
    page = client.get("/fr/glossary/").content.decode()
    assert f'<a href="/fr/glossary/pension-de-vieillesse-{made.number}/">' in page
    assert (
        '<span lang="en" dir="ltr">old-age pension</span>' in page
        and '<span lang="es" dir="ltr">pensión de vejez</span>' in page
    )
    assert "what pension de vieillesse means" in page and "what old-age pension means" not in page


def test_the_list_is_narrowed_by_collection_and_theme(client):
    funds = Collection.objects.create(slug="funds", name_en="Funds", name_fr="Fonds", name_es="Fondos")
    below = theme("old-age", theme("branches"))
    concept("annuity", collections=[funds]), concept("pension", themes=[below]), concept("zeal")
    assert headwords(client.get("/en/glossary/?collection=funds").content.decode()) == ["annuity"]
    page = client.get("/en/glossary/?theme=branches").content.decode()
    assert headwords(page) == ["pension"] and "Remove filter: Theme: Branches" in page
    page = client.get("/en/glossary/?collection=funds&theme=branches").content.decode()
    assert headwords(page) == [] and "No term here yet" in page and "/en/glossary/?theme=branches" in page
    assert client.get("/en/glossary/?collection=none&theme=&letter=%00").status_code == 200


def test_a_term_shows_its_languages_the_readers_first(client, drained):
    made = concept(
        section("en", word("benefit", qualifier="cash"), word("allowance", status="admitted", region="GB"),
                word("dole", status="deprecated", reason="Belittles."), word("secret", kind="search_only"),
                definition_url="https://example.org/source", note="A <note>.", example="She claimed a benefit."),
        section("fr", "prestation"),
    )  # fmt: skip
    drained()
    page = client.get(f"/fr/glossary/prestation-{made.number}/").content.decode()
    assert page.index('id="in-fr"') < page.index('id="in-en"') and "Espagnol" not in page
    english = client.get(f"/en/glossary/benefit-{made.number}/").content.decode()
    assert english.index('id="in-en"') < english.index('id="in-fr"')
    for shown in ("<dfn>benefit (cash)</dfn>", "allowance", "(United Kingdom)", "<s>dole", "Belittles.", "A &lt;note&gt;.",
                  "She claimed a benefit.", 'href="https://example.org/source"', "GESS editors, 2026", "No Spanish yet",
                  f"/id/glossary/c/{made.number}", "Report an error", "Last changed"):  # fmt: skip
        assert shown in english, shown
    assert "secret" not in english


def test_no_equivalent_is_not_the_same_as_missing(client, drained):
    made = concept("benefit", section("es", "x", state="no_equivalent"))
    drained()
    page = client.get(f"/en/glossary/benefit-{made.number}/").content.decode()
    assert "No equivalent in Spanish" in page and "No French yet" in page


def test_a_term_shows_its_place_and_its_neighbours(client, drained):
    scheme = concept("scheme")
    fund = concept("fund", broader=[scheme])
    savings = concept("savings")
    made = concept("provident fund", broader=[fund], related=[savings])
    concept("national provident fund", broader=[made])
    hidden = concept("hidden fund", broader=[made], draft=True)
    drained()
    page = client.get(f"/en/glossary/provident-fund-{made.number}/").content.decode()
    place = page[page.index('id="place"') : page.index("Next in the alphabet")]
    order = [
        place.index(text)
        for text in (">scheme<", ">fund<", ">provident fund<", ">national provident fund<", ">savings<")
    ]
    assert order == sorted(order) and str(hidden) not in page
    neighbours = re.findall(r">([^<>]+)</(?:a|b)></li>", page[page.index("Next in the alphabet") :].split("</ul>")[0])
    assert neighbours == ["national provident fund", "provident fund", "savings", "scheme"]
    other = client.get(f"/en/glossary/savings-{savings.number}/").content.decode()
    assert "Related terms" in other and ">provident fund<" in other.split('id="place"')[1]


def test_the_number_decides(client):
    made = pension()
    number = made.number
    for wrong in (f"other-{number}", f"{number}"):
        answer = client.get(f"/fr/glossary/{wrong}/")
        assert (answer.status_code, answer["Location"]) == (301, f"/fr/glossary/pension-de-vieillesse-{number}/")
    answer = client.get(f"/fr/glossary/old-age-pension-{number}/")
    assert answer.status_code == 200
    assert f'/fr/glossary/pension-de-vieillesse-{number}/>; rel="canonical"' in answer["Link"]
    for address in (f"/en/glossary/pension-{number + 1}/", "/en/glossary/pension-0/", f"/en/glossary/{number + 1}/",
                    "/en/glossary/pension-9999999999/", f"/en/glossary/{number + 1}/popover/", "/en/glossary/pension/",
                    f"/id/glossary/c/{number + 1}"):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_the_permanent_address_leads_to_the_readers_language(client):
    made = pension()
    answer = client.get(f"/id/glossary/c/{made.number}", headers={"Accept-Language": "es"})
    assert (answer.status_code, answer["Location"]) == (303, f"/es/glossary/pension-de-vejez-{made.number}/")
    assert "Accept-Language" in answer["Vary"]


def test_all_places_of_use_are_listed(client, drained):
    made = concept("pension")
    for number in range(7):
        resource(f"Report {number}", abstract="A pension.")
    drained()
    address = f"/en/glossary/pension-{made.number}/"
    page = client.get(address).content.decode()
    assert page.count("/en/library/") - page.count('href="/en/library/"') == 5 and "All 7" in page
    everything = client.get(f"{address}?in=resource").content.decode()
    assert all(f"Report {number}" in everything for number in range(7))
    assert client.get(f"{address}?in=country").status_code == 404
    assert client.get(f"{address}?in=nothing").status_code == 404


def test_pages_take_few_statements(client, drained, django_assert_max_num_queries):
    broader = concept("scheme")
    made = pension(themes=[theme("old-age")], broader=[broader])
    for number in range(8):
        concept(f"old-age term {number}", broader=[made])
        resource(f"Report {number}", abstract="Old-age pensions in a scheme.", themes=[theme("old-age")])
    drained()
    for address in (f"/en/glossary/old-age-pension-{made.number}/", "/en/glossary/", "/en/glossary/?theme=old-age&collection=x",
                    f"/en/glossary/old-age-pension-{made.number}/?in=resource"):  # fmt: skip
        client.get(address)
        with django_assert_max_num_queries(8):
            assert client.get(address).status_code == 200
    with django_assert_max_num_queries(1):
        client.get(f"/en/glossary/{made.number}/popover/")


def test_a_popover_is_a_fragment_that_is_sent_once(client):
    made = pension()
    address = f"/en/glossary/{made.number}/popover/"
    answer = client.get(address)
    text = answer.content.decode()
    assert "old-age pension" in text and "what old-age pension means" in text and "Full entry" in text
    assert '<p lang="en" dir="ltr">' in text and "<html" not in text and len(answer.content) < 1000
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    LanguageSection.objects.filter(language="en").update(definition="something <else>")
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 200 and "something &lt;else&gt;" in again.content.decode()
    assert "pensión de vejez" in client.get(f"/es/glossary/{made.number}/popover/").content.decode()


def test_writing_methods_are_refused(client):
    made = pension()
    for address in (
        "/en/glossary/",
        f"/en/glossary/old-age-pension-{made.number}/",
        f"/en/glossary/{made.number}/popover/",
    ):
        assert client.post(address).status_code == 405


def test_the_section_stands_in_the_masthead(client):
    page = client.get("/en/glossary/").content.decode()
    assert re.search(
        r'href="/en/library/">Library</a>\s*<a href="/en/glossary/" aria-current="page">Glossary</a>\s*<a href="/en/countries/"',
        page,
    )


def test_search_finds_a_term_with_its_equivalents(client, drained):
    made = pension()
    drained()
    page = client.get("/en/search/?q=old-age+pensions").content.decode()
    assert f"/en/glossary/old-age-pension-{made.number}/" in page and 'dir="ltr">pension de vieillesse<' in page
