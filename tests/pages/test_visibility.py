"""Who sees which page, country and theme: querysets and objects agree."""

import pytest
from django.db import connection
from wagtail.models import Locale, PageViewRestriction

from core.entries import registry
from pages.models import CountryPage
from pages.visibility import countries_visible_to, themes_visible_to
from taxonomy.models import Country
from tests.pages.factories import CountryFactory, ThemeFactory, country_page, restrict, section, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(visitor, member, editor, admin) -> list:
    return [visitor, member, editor, admin]


def seen_by(users: list) -> list[bool]:
    return [CountryPage.objects.visible_to(user).exists() for user in users]


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("none", [True, True, True, True]),
        ("login", [False, True, True, True]),
        ("password", [False, False, True, True]),
        ("groups", [False, False, True, True]),
        ("invented", [False, False, True, True]),
    ],
)
@pytest.mark.parametrize("above", [0, 1, 2], ids=["page", "section", "home"])
def test_a_restriction_hides_the_page_and_all_below(kind, seen, above, everybody):
    page = country_page()
    restrict([page, section(), section().get_parent()][above], kind)
    assert seen_by(everybody) == seen


def test_a_restriction_of_one_tree_leaves_the_others(everybody):
    page = country_page()
    country_page(iso3="KEN", language="fr")
    restrict(section("fr"), "password")
    assert list(CountryPage.objects.visible_to(everybody[0])) == [page]


def test_a_new_draft_is_the_staffs_and_a_withdrawn_page_nobodys(everybody):
    page = country_page(live=False)
    assert seen_by(everybody) == [False, False, True, True]
    page.get_latest_revision().publish()
    page.refresh_from_db()
    page.unpublish()
    assert seen_by(everybody) == [False] * 4


def test_twins_agree_over_a_mixed_set(everybody):
    page = country_page()
    page.copy_for_translation(Locale.objects.get(language_code="fr"), copy_parents=True, alias=True)
    country_page("KEN", live=False)
    restrict(country_page("CPV"), "login")
    restrict(country_page("CPV", "fr"), "password")
    restrict(country_page("KEN", "fr"), "groups")
    restrict(country_page("KEN", "es"), "none")
    both = country_page("SEN", "es")
    restrict(both, "login")
    restrict(both, "groups")
    country_page("SEN", "fr", slug="senegal")
    restrict(section("fr"), "login")
    for user in everybody:
        visible = set(CountryPage.objects.visible_to(user))
        assert visible == {page for page in CountryPage.objects.all() if page.is_visible_to(user)}
    assert [CountryPage.objects.visible_to(user).count() for user in everybody] == [2, 4, 8, 8]


def test_seeing_pages_takes_one_statement(visitor, django_assert_num_queries):
    restrict(country_page(), "login")
    with django_assert_num_queries(1):
        list(CountryPage.objects.visible_to(visitor))


def test_a_country_is_visible_by_its_page_or_by_what_is_told(everybody):
    with_page, told_members = country_page("SEN").country, CountryFactory(iso3="CPV")
    told_nobody = CountryFactory(iso3="KEN")
    told(f"country:{told_members.pk}", "members")
    seen = [set(countries_visible_to(user)) for user in everybody]
    assert seen == [{with_page}, *[{with_page, told_members}] * 3]
    assert told_nobody in Country.objects.all()


def test_a_mention_alone_shows_no_country(visitor):
    country = CountryFactory()
    told(f"country:{country.pk}")
    assert countries_visible_to(visitor).count() == 1
    connection.cursor().execute("UPDATE links_link SET how = 'mention'")
    assert countries_visible_to(visitor).count() == 0


def test_a_theme_is_visible_by_what_is_told(everybody):
    public, staff = ThemeFactory(slug="maternity"), ThemeFactory(slug="sickness")
    ThemeFactory(slug="old-age")
    told(f"theme:{public.pk}")
    told(f"theme:{staff.pk}", "staff")
    seen = [set(themes_visible_to(user)) for user in everybody]
    assert seen == [{public}, {public}, {public, staff}, {public, staff}]


@pytest.mark.parametrize("kind", ["country", "theme"])
def test_entries_are_decided_by_the_same_rule(kind, visitor):
    row = CountryFactory() if kind == "country" else ThemeFactory()
    told(f"{kind}:{row.pk}")
    assert list(registry[kind].visible_to(visitor)) == [row]


def test_lifting_a_restriction_shows_again(visitor):
    restrict(country_page(), "login")
    PageViewRestriction.objects.all().delete()
    assert CountryPage.objects.visible_to(visitor).count() == 1
