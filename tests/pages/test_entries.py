"""Pages, countries and themes as entries: what they say, to whom, and that every change is heard."""

import datetime

import pytest
from django.db import connection
from django.utils import translation
from wagtail.models import Locale, PageViewRestriction

from core.entries import registry
from links.models import Link, Name
from pages.models import CountryPage, Scheme
from sync.models import Document
from sync.presentation import item
from taxonomy.models import Country, Theme
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


def documents(kind: str = "country", audience: str = "public") -> dict[str, Document]:
    """The documents of an audience by language."""
    return {d.language: d for d in Document.objects.filter(kind=kind, audience=audience, gone=False)}


def leads(audience: str = "public") -> set[str]:
    """The leads of the pages that an audience finds; a country without page has none."""
    return {document.summary for document in documents(audience=audience).values()} - {""}


def document_of(key: str) -> Document:
    return Document.objects.get(audience="public", key=key, language="en")


@pytest.fixture
def page() -> CountryPage:
    body = [
        text("Coverage", "<p>One in <b>five</b>.</p>"),
        {
            "type": "key_figures",
            "value": {"figures": [{"value": "29.9", "unit": "%", "label": "Older", "source": "ILO", "year": 2019}]},
        },
        {"type": "timeline", "value": {"events": [{"year": 1975, "text": "First law.", "source": "SSA"}]}},
        {"type": "callout", "value": {"heading": "Old rates", "text": "<p>Of 2011.</p>"}},
    ]
    schemes = [scheme(["old-age"], year=2011, note="For all."), scheme(["maternity"], "hollow", year=2008)]
    return country_page(body=body, schemes=schemes, reviewed_on=datetime.date(2026, 3, 1))


def test_a_page_says_all_it_holds(page, drained):
    ThemeFactory(slug="old-age", parent=ThemeFactory(slug="branches"))
    drained()
    document = documents()["en"]
    assert (document.title, document.summary) == ("Senegal", "Lead SEN en.")
    assert document.family == f"country:{page.country.pk}"
    assert document.route == ["countries:detail", "sen"]
    assert document.countries == ["SEN"] and document.themes == ["old-age", "branches"]
    assert document.facets == {"region": "africa", "nine": ["old-age:full", "maternity:hollow"], "facts": 2019}
    assert document.date == datetime.date(2026, 3, 1)
    assert document.text.splitlines() == [
        "Coverage",
        "One in five.",
        "29.9 % Older (ILO, 2019)",
        "1975 First law. (SSA)",
        "Old rates",
        "Of 2011.",
        "Old age, For all., A survey",
        "Maternity, A survey",
    ]


def test_an_item_shows_region_facts_and_nine(page, drained):
    drained()
    with translation.override("en"):
        shown = item(documents()["en"])
    assert shown.metadata == ["Africa", "Facts as of 2019"]
    assert shown.nine == {"old-age": "full", "maternity": "hollow"}
    assert shown.url == "/en/countries/sen/"


def test_each_edition_is_an_entry_and_all_names_are_known(page, drained):
    country_page(language="fr")
    drained()
    assert {language: d.summary for language, d in documents().items()} == {
        "en": "Lead SEN en.",
        "fr": "Lead SEN fr.",
        "es": "",
    }
    names = set(Name.objects.filter(audience="public").values_list("language", "phrase"))
    assert names == {("en", "Senegal"), ("fr", "Sénégal"), ("es", "Senegal")}


def test_a_country_without_page_has_its_names_where_something_is_told(drained):
    country = CountryFactory()
    drained()
    assert documents() == {}
    told(f"country:{country.pk}", "members")
    Document.objects.all().delete()
    country.save()
    drained()
    assert documents() == {} and documents(audience="members")["fr"].title == "Sénégal"


def test_who_may_not_read_the_page_still_finds_the_country(drained):
    page = country_page(language="fr", title="Secret")
    restrict(page, "login")
    told(f"country:{page.country.pk}")
    drained()
    assert leads() == set() and documents()["fr"].title == "Sénégal"
    for audience in ("members", "staff"):
        assert documents(audience=audience)["fr"].title == "Secret" and leads(audience) == {"Lead SEN fr."}


def test_a_theme_is_named_in_three_languages(drained):
    child = ThemeFactory(slug="reform", parent=ThemeFactory(slug="systems"))
    told(f"theme:{child.pk}")
    drained()
    document = document_of(f"theme:{child.pk}")
    assert document.themes == ["reform", "systems"] and document.route == ["themes:detail", "reform"]
    assert set(Name.objects.filter(key=f"theme:{child.pk}").values_list("language", "phrase")) == {
        ("en", "Reform"),
        ("fr", "reform (fr)"),
        ("es", "reform (es)"),
    }
    with translation.override("fr"):
        assert item(document).metadata == ["systems (fr)"]


# --- every change is heard --------------------------------------------------------------------------------------------


def update_live(page: CountryPage) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wagtailcore_page SET live = %s WHERE id = %s", [False, page.pk])


def to_alias(page: CountryPage) -> None:
    CountryPage.objects.filter(pk=page.pk).update(alias_of=section())


@pytest.mark.parametrize(
    "hide",
    [
        lambda page: page.unpublish(),
        update_live,
        to_alias,
        lambda page: page.delete(),
        lambda page: restrict(page, "login"),
        lambda page: restrict(section(), "groups"),
        lambda page: restrict(section().get_parent(), "password"),
        lambda page: section().delete(),
    ],
    ids=["unpublish", "sql", "alias", "delete", "restrict", "restrict section", "restrict home", "delete section"],
)
def test_what_hides_a_page_is_heard(page, hide, drained):
    drained()
    assert leads() == {"Lead SEN en."}
    hide(page)
    drained()
    assert leads() == set()


def test_lifting_or_changing_a_restriction_is_heard(page, drained):
    restriction = restrict(section().get_parent(), "groups")
    drained()
    assert leads() == leads("members") == set()
    PageViewRestriction.objects.filter(pk=restriction.pk).update(restriction_type="login")
    drained()
    assert leads() == set() and leads("members") == {"Lead SEN en."}
    restriction.delete()
    drained()
    assert leads() == {"Lead SEN en."}


def test_moving_a_page_out_of_a_restricted_section_is_heard(page, drained):
    restrict(section(), "login")
    drained()
    assert leads() == set()
    other = section().get_parent().add_child(instance=type(section())(title="Other", slug="other"))
    page.move(other, pos="last-child")
    drained()
    assert leads() == {"Lead SEN en."}


def test_a_changed_scheme_is_heard(page, drained):
    drained()
    Scheme.objects.filter(page=page, branches=["old-age"]).update(state="half")
    drained()
    assert documents()["en"].facets["nine"] == ["old-age:half", "maternity:hollow"]
    Scheme.objects.filter(page=page).delete()
    drained()
    assert documents()["en"].facets["nine"] == []


def test_a_renamed_country_is_heard(page, drained):
    drained()
    Country.objects.update(name_fr="Sénégal (République du)", region="europe-central-asia")
    drained()
    assert documents()["en"].facets["region"] == "europe-central-asia"
    assert Name.objects.filter(phrase="Sénégal (République du)").exists()


def test_a_moved_theme_reaches_the_countries_about_it(page, drained):
    theme = ThemeFactory(slug="old-age")
    drained()
    Theme.objects.filter(pk=theme.pk).update(parent=ThemeFactory(slug="branches"))
    drained()
    assert documents()["en"].themes == ["old-age", "branches"]


def test_a_draft_changes_nothing(page, drained):
    drained()
    before = documents()["en"].hash
    page.lead = "Not yet."
    page.save_revision()
    drained()
    assert documents()["en"].hash == before


def test_an_alias_is_no_edition(page, drained):
    page.copy_for_translation(Locale.objects.get(language_code="fr"), copy_parents=True, alias=True)
    drained()
    assert documents()["fr"].summary == "" and leads() == {"Lead SEN en."}


def test_a_renamed_theme_reaches_the_themes_below(drained):
    root = ThemeFactory(slug="branches")
    child = ThemeFactory(slug="maternity", parent=ThemeFactory(slug="middle", parent=root))
    told(f"theme:{child.pk}")
    drained()
    Theme.objects.filter(pk=root.pk).update(slug="roots")
    drained()
    assert document_of(f"theme:{child.pk}").themes == ["maternity", "middle", "roots"]


def test_a_theme_vanishes_with_the_last_page_about_it(page, drained):
    ThemeFactory(slug="old-age")
    drained()
    assert documents("theme")["en"].title == "Old-age"
    page.unpublish()
    drained()
    assert documents("theme") == {} and not Link.objects.exists()


def test_rows_take_a_bounded_number_of_statements(django_assert_num_queries):
    for iso3 in ("SEN", "KEN", "CPV"):
        country_page(iso3, schemes=[scheme(["old-age"])])
    source = registry["country"]
    pks = list(CountryPage.objects.values_list("country", flat=True))
    with django_assert_num_queries(5):
        assert len([entry for row in source.rows(pks) for entry in source.entries(row)]) == 9
