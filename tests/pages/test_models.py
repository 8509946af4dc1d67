"""The page types, their tree in three languages, their addresses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import Locale, Page, Site

from pages.models import (
    CountryIndexPage,
    CountryPage,
    FreePage,
    HomePage,
    Scheme,
    ThemeIndexPage,
    ThemePage,
    nine_of,
)
from tests.pages.factories import CountryFactory, country_page, scheme, section

pytestmark = pytest.mark.django_db


def test_migrations_make_a_sound_tree_in_three_languages():
    assert set(Locale.objects.values_list("language_code", flat=True)) == {"en", "fr", "es"}
    homes = HomePage.objects.order_by("path")
    assert [home.locale.language_code for home in homes] == ["en", "fr", "es"]
    for home in homes:
        children = home.get_children().live().specific()
        assert [type(page) for page in children] == [CountryIndexPage, ThemeIndexPage]
        assert [page.slug for page in children] == ["countries", "themes"]
        assert {page.locale for page in children} == {home.locale}
    assert Site.objects.get(is_default_site=True).root_page.specific == homes[0]
    assert Page.objects.filter(depth=2).count() == 3, "the welcome page is gone"
    assert Page.find_problems() == ([], [], [], [], [])
    assert len(set(homes.values_list("translation_key", flat=True))) == 1


def test_page_types_are_a_contract():
    assert set(HomePage.allowed_subpage_models()) == {CountryIndexPage, ThemeIndexPage, FreePage}
    assert ThemeIndexPage.allowed_subpage_models() == [ThemePage] and FreePage.allowed_subpage_models() == []
    assert ThemePage.allowed_parent_page_models() == [ThemeIndexPage]
    assert CountryIndexPage.allowed_subpage_models() == [CountryPage]
    assert CountryPage.allowed_parent_page_models() == [CountryIndexPage]
    assert not HomePage.can_create_at(Page.get_first_root_node()), "each language has its home"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_addresses_are_ours_in_the_page_s_own_language(language, rf):
    page = country_page(language=language)
    site = Site.objects.get(is_default_site=True)
    assert page.get_url_parts() == (site.pk, site.root_url, f"/{language}/countries/sen/")
    assert page.get_url(rf.get("/")) == f"/{language}/countries/sen/"
    assert section(language).url == f"/{language}/countries/"
    assert section(language).get_parent().specific.url == f"/{language}/"


def test_one_page_per_country_and_language():
    first = country_page()
    country_page(language="fr")
    with pytest.raises(ValidationError, match="edit that one"):
        CountryPage(country=first.country, locale=first.locale, title="Again", lead="x").clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        CountryPage.objects.filter(language="fr").update(language="en")


def test_an_alias_takes_no_language():
    page = country_page()
    alias = page.copy_for_translation(Locale.objects.get(language_code="fr"), copy_parents=True, alias=True)
    assert CountryPage.objects.get(pk=alias.pk).language is None
    assert country_page(language="es").language == "es"
    assert country_page(language="fr", slug="senegal").language == "fr", "the alias leaves room for the edition"


def test_full_beats_half_beats_hollow():
    schemes = [
        scheme(["maternity", "old-age"], "hollow"),
        scheme(["old-age", "sickness"], "half"),
        scheme(["sickness"], "full"),
        scheme(["sickness"], "hollow"),
    ]
    assert dict(nine_of(schemes)) == {"sickness": "full", "old-age": "half", "maternity": "hollow"}
    assert list(nine_of(schemes)) == ["sickness", "old-age", "maternity"], "in the order of the nine"
    assert nine_of([]) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [("branches", ["pensions"]), ("branches", []), ("programmes", ["lottery"]), ("laws", "since 1975"), ("year", 75)],
)
def test_a_scheme_takes_only_listed_codes_and_years(field, value):
    row = scheme(["old-age"])
    row.full_clean(exclude=["page"])
    setattr(row, field, value)
    with pytest.raises(ValidationError) as caught:
        row.full_clean(exclude=["page"])
    assert set(caught.value.message_dict) == {field}


def test_codes_keep_the_vocabulary_s_order():
    row = scheme(["survivors", "old-age"])
    row.full_clean(exclude=["page"])
    assert row.branches == ["old-age", "survivors"]
    assert Scheme._meta.get_field("branches").formfield().clean(["maternity"]) == ["maternity"]


def test_a_country_with_a_page_cannot_be_deleted():
    page = country_page()
    with pytest.raises(IntegrityError):
        page.country.delete()
    CountryFactory(iso3="KEN").delete()
