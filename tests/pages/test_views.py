"""The public pages: which edition, for whom, what they show, and at what cost."""

import pytest
from django.utils import translation
from django.utils.translation import ngettext

from pages.models import CountryPage
from taxonomy.models import Theme
from tests.library.factories import resource
from tests.pages.factories import (
    CountryFactory,
    ThemeFactory,
    country_page,
    restrict,
    scheme,
    section,
    text,
    told,
)

pytestmark = pytest.mark.django_db
SCHEMES = {"type": "scheme_table", "value": None}
BUDGET = 8  # statements of any public page for a visitor, with the drain's own check


@pytest.fixture
def get(client, drained, django_assert_max_num_queries):
    """Read a page as a visitor, after all pending work, within the budget."""

    def run(url: str):
        drained()
        with django_assert_max_num_queries(BUDGET):
            return client.get(url)

    return run


@pytest.fixture
def full_page(db) -> CountryPage:
    """A page with everything, and with entries about its country and theme."""
    body = [
        {
            "type": "key_figures",
            "value": {"figures": [{"value": "29.9", "unit": "%", "label": "Older", "source": "ILO", "year": 2019}]},
        },
        SCHEMES,
        text("Coverage", '<p>See <a href="https://ilo.org/">there</a>.</p>'),
        {"type": "timeline", "value": {"events": [{"year": 1975, "text": "First law.", "source": "SSA"}]}},
        {"type": "callout", "value": {"heading": "Old rates", "text": "<p>Of 2011.</p>"}},
    ]
    pensions = scheme(
        ["old-age", "survivors"],
        programmes=["social-insurance"],
        worker_rate="5.60",
        age_men=60,
        age_women=55,
        first_law=1957,
    )
    ThemeFactory(slug="old-age", parent=ThemeFactory(slug="branches"))
    return country_page(body=body, schemes=[pensions, scheme(["maternity"], "half")])


# --- countries --------------------------------------------------------------------------------------------------------


def test_a_country_page_shows_all_it_holds(get, full_page):
    response = get("/en/countries/sen/")
    html = response.content.decode()
    for words in ("Lead SEN en.", "29.9", "Coverage", '<a href="https://ilo.org/">', "First law.", "Old rates"):
        assert words in html
    assert html.count("Social insurance") == 1, "the schemes are shown once"
    row = response.context["schemes"][0]
    assert row["branch_labels"] == ["Old age", "Survivors"] and row["nine"] == {"old-age": "full", "survivors": "full"}
    assert (row["worker"], row["age"], row["first_law"]) == ("5.6\u00a0%", "60 (men), 55 (women)", "1957")
    assert response.context["edge_states"] == {"old-age": "full", "maternity": "half", "survivors": "full"}
    assert "Sickness" in response.context["not_recorded"] and "Maternity" not in response.context["not_recorded"]
    assert [jump[0] for jump in response.context["jumps"]] == ["figures", "schemes", "reforms"]
    assert response.context["status"] == "Figures to 2019." and "2011" in response.context["stale"]


def test_schemes_are_shown_exactly_where_the_block_stands(get):
    country_page(schemes=[scheme(["old-age"], note="Only for employees.")])
    response = get("/en/countries/sen/")
    assert not response.context["schemes"] and not response.context["not_recorded"]
    assert (
        "Only for employees." not in response.content.decode() and "Schemes by branch" not in response.content.decode()
    )
    assert response.context["edge_states"] == {"old-age": "full"}, "the nine are drawn all the same"
    country_page("KEN", body=[SCHEMES], schemes=[scheme(["old-age"], note="Only for employees."), scheme(["sickness"])])
    html = get("/en/countries/ken/").content.decode()
    assert html.count("Schemes by branch") == 2, "the heading and the table's name"
    assert html.count("Only for employees.") == 1 and html.count('class="note"') == 1


def test_numbers_are_written_as_the_reader_does(get, full_page):
    response = get("/fr/countries/sen/")
    assert response.context["schemes"][0]["worker"] == "5,6\u00a0%" and "29,9" in response.content.decode()


@pytest.mark.parametrize(
    ("editions", "reader", "shown"),
    [
        (["en", "fr", "es"], "fr", "fr"),
        (["en", "fr"], "es", "en"),
        (["fr", "es"], "en", "fr"),
        (["es"], "fr", "es"),
    ],
)
def test_the_best_edition_is_shown_and_marked(get, editions, reader, shown):
    for language in editions:
        country_page(language=language)
    response = get(f"/{reader}/countries/sen/")
    assert response.context["page"].language == shown
    assert f'lang="{shown}"' in response.content.decode() or shown == reader
    assert bool(response.context["edition_notice"]) == (shown != reader)
    rows = {language: (url, current) for _, language, url, current in response.context["editions"]}
    assert rows == {
        code: (f"/{code}/countries/sen/" if code in editions else "", code == shown) for code in ("en", "fr", "es")
    }


def test_the_notice_names_both_languages(get):
    country_page()
    response = get("/es/countries/sen/")
    with translation.override("es"):
        assert "inglés" in response.context["edition_notice"] and "español" in response.context["edition_notice"]


def test_without_a_page_the_country_lists_what_is_told(get):
    country = CountryFactory()
    told(f"country:{country.pk}")
    response = get("/en/countries/sen/")
    assert response.status_code == 200 and "No page yet" in response.content.decode()
    assert response.context["page"] is None and response.context["country"]["region_label"] == "Africa"
    assert not response.context["editions"] and not response.context["edge_states"]


def test_upper_case_is_redirected_for_good(client):
    response = client.get("/fr/countries/SEN/")
    assert (response.status_code, response.headers["Location"]) == (301, "/fr/countries/sen/")


@pytest.mark.parametrize("iso3", ["ken", "xyz", "kenya", "k"])
def test_what_nothing_is_told_about_is_not_found(get, iso3):
    CountryFactory(iso3="KEN")
    assert get(f"/en/countries/{iso3}/").status_code == 404


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
@pytest.mark.parametrize("above", [0, 1, 2], ids=["page", "section", "home"])
def test_a_restricted_page_is_not_found_by_visitors(get, kind, above, member_client, editor_client):
    page = country_page()
    restrict([page, section(), section().get_parent()][above], kind)
    for url in ("/en/countries/sen/", "/fr/countries/sen/"):
        assert get(url).status_code == 404
        assert member_client.get(url).status_code == (200 if kind == "login" else 404)
        assert editor_client.get(url).status_code == 200
    for url in ("/en/", "/en/countries/", "/en/countries/?view=region"):
        assert "/countries/sen/" not in get(url).content.decode()


def test_a_restricted_edition_gives_way_to_an_open_one(get, member_client):
    country_page()
    restrict(country_page(language="fr"), "login")
    assert get("/fr/countries/sen/").context["page"].language == "en"
    assert member_client.get("/fr/countries/sen/").context["page"].language == "fr"


def test_a_draft_is_found_by_staff_alone_and_a_withdrawn_page_by_nobody(get, editor_client):
    country_page(live=False)
    country_page("KEN").unpublish()
    for url in ("/en/countries/sen/", "/en/countries/ken/"):
        assert get(url).status_code == 404
    assert "only staff see this page" in editor_client.get("/en/countries/sen/").content.decode()
    assert editor_client.get("/en/countries/ken/").status_code == 404


def test_countries_are_listed_by_the_reader_s_names(get):
    country_page("CPV", schemes=[scheme(["old-age"])])
    told(f"country:{CountryFactory(iso3='SEN').pk}")
    CountryFactory(iso3="KEN", region="")
    response = get("/es/countries/")
    letters = [(letter, [item.title for item in items]) for letter, items in response.context["letters"]]
    assert letters == [("C", ["Cabo Verde"]), ("S", ["Senegal"])]
    assert [item.nine for item in response.context["with_pages"]] == [{"old-age": "full"}]
    response = get("/en/countries/?view=region")
    assert response.context["view"] == "region"
    assert [(label, len(items)) for label, items in response.context["regions"]] == [("Africa", 2)]


def test_accents_do_not_open_letters_of_their_own(get):
    for iso3, name in (("SEN", "Éthiopie"), ("KEN", "Espagne")):
        told(f"country:{CountryFactory(iso3=iso3, name_fr=name).pk}")
    letters = get("/fr/countries/").context["letters"]
    assert [(letter, [item.title for item in items]) for letter, items in letters] == [("E", ["Espagne", "Éthiopie"])]


def test_a_link_between_pages_leads_to_our_address(drained, client):
    target = country_page("KEN")
    country_page(body=[text("See", f'<p><a linktype="page" id="{target.pk}">Kenya</a></p>')])
    drained()
    assert '<a href="/en/countries/ken/">Kenya</a>' in client.get("/en/countries/sen/").content.decode()


@pytest.mark.parametrize("block_type", ["text", "callout"])
def test_a_block_is_kept_as_its_author_linked_it_where_the_box_is_ticked(get, block_type):
    country_page("KEN")
    blocks = [text("See", "<p>As in Kenya.</p>"), text("And", '<p><a href="https://a.example/">Kenya</a></p>')]
    for block in blocks:
        block["type"] = block_type
    page = country_page(body=blocks)
    assert 'href="/en/countries/ken/" data-auto' in get("/en/countries/sen/").content.decode()
    for block in blocks:
        block["value"]["unlinked"] = True
    page.body = page.body.stream_block.to_python(blocks)
    page.save_revision().publish()
    shown = get("/en/countries/sen/").content.decode()
    assert "As in Kenya." in shown and '<a href="https://a.example/">Kenya</a>' in shown


@pytest.fixture
def library(full_page) -> CountryPage:
    """Seven resources on the country and one of its branches, and another country whose page mentions it."""
    theme = Theme.objects.get(slug="old-age")
    for number in range(7):
        resource(f"Paper {number}", themes=[theme], countries=[full_page.country], date=str(2010 + number))
    resource("A draft", themes=[theme], countries=[full_page.country], live=False)
    country_page("KEN", body=[text("Compare", "<p>As in Senegal.</p>")])
    return full_page


@pytest.mark.parametrize(
    "url",
    [f"/{language}{path}" for language in ("en", "fr") for path in (
        "/", "/countries/", "/countries/?view=region", "/countries/sen/", "/countries/ken/", "/themes/", "/themes/old-age/"
    )],
)  # fmt: skip
def test_with_a_full_library_every_page_keeps_to_the_budget(get, library, url):
    response = get(url)
    assert response.status_code == 200 and "A draft" not in response.content.decode()


@pytest.mark.parametrize("url", ["/en/countries/sen/", "/en/themes/old-age/"])
def test_the_newest_resources_are_shown_and_all_are_counted(get, library, url):
    response = get(url)
    assert [item.title for item in response.context["library"].items] == [f"Paper {n}" for n in (6, 5, 4, 3, 2)]
    assert response.context["library"].total == 7
    more = get(response.context["library"].url)
    assert more.status_code == 200 and "Paper 0" in more.content.decode()


def test_what_mentions_a_country_is_related_to_it(get, library):
    related = {heading: items for heading, items, _, _ in get("/en/countries/sen/").context["related"]}
    assert [item.title for item in related["Countries"]] == ["Kenya"] and "Resources" not in related


def test_counts_stand_beside_branches_themes_and_countries(get, library):
    home = get("/en/").context
    assert home["branches"][3][:4] == ("old-age", "Old age", "full", 7)
    assert [item.title for item in home["new_resources"]] == [f"Paper {n}" for n in (6, 5, 4, 3, 2)]
    assert home["numbers"] == ["7 resources", "2 countries", "2 themes"]
    listed = {item.title: item.count for _, items in get("/en/countries/").context["letters"] for item in items}
    assert listed == {"Senegal": 7, "Kenya": 0}


# --- home and themes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_home(get, full_page, language):
    response = get(f"/{language}/")
    assert response.status_code == 200
    assert [row[0] for row in response.context["branches"]][3] == "old-age" and len(response.context["branches"]) == 9
    assert [row[4] for row in response.context["branches"]][3] == f"/{language}/themes/old-age/"
    assert [item.nine for item in response.context["countries"]] == [full_page.nine]
    with translation.override(language):
        assert response.context["numbers"] == [
            ngettext("%(n)s country", "%(n)s countries", 1) % {"n": 1},
            ngettext("%(n)s theme", "%(n)s themes", 2) % {"n": 2},
        ]
    assert {example[1] for example in response.context["examples"]} == {"en", "fr", "es"}


def test_home_without_anything(get):
    response = get("/en/")
    assert response.status_code == 200 and response.context["numbers"] == []
    assert all(row[4] is None for row in response.context["branches"])


def test_the_theme_tree_shows_what_is_told(get):
    root = ThemeFactory(slug="branches")
    leaf = ThemeFactory(slug="leave", parent=ThemeFactory(slug="maternity", parent=root))
    ThemeFactory(slug="sickness", parent=root)
    for theme in (root, leaf.parent, leaf):
        told(f"theme:{theme.pk}")
    (item, children), *others = get("/en/themes/").context["tree"]
    assert not others and item.url == "/en/themes/branches/"
    assert [child.url for child in children] == ["/en/themes/maternity/", "/en/themes/leave/"]


def test_a_theme_shows_its_place_and_its_countries(get, full_page):
    response = get("/fr/themes/old-age/")
    assert response.context["theme"].title == "old-age (fr)"
    assert response.context["parent"].url == "/fr/themes/branches/"
    ((heading, items, total, url),) = response.context["related"]
    assert ([item.title for item in items], total) == (["Sénégal"], 1)
    assert url == "/fr/search/?kind=country&theme=old-age"
    response = get("/en/themes/branches/")
    assert [child.title for child in response.context["children"]] == ["Old-age"]


def test_a_theme_that_nothing_is_told_about_is_not_found(get):
    ThemeFactory(slug="sickness")
    assert get("/en/themes/sickness/").status_code == get("/en/themes/none/").status_code == 404


def test_a_theme_of_restricted_pages_is_not_found(get, full_page):
    assert get("/en/themes/old-age/").status_code == 200
    restrict(full_page, "login")
    assert get("/en/themes/old-age/").status_code == 404


def test_what_was_just_published_is_shown_without_any_worker(client):
    page = country_page()
    page.lead = "Changed."
    page.save_revision().publish()
    assert "Changed." in client.get("/en/countries/sen/").content.decode()


def test_wagtail_s_own_addresses_are_not_served(client):
    page = country_page(slug="senegal")
    assert page.url_path == "/en/countries/senegal/"
    assert client.get(page.url_path).status_code == client.get(f"/en{page.url_path}").status_code == 404
