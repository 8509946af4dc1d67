"""Countries, themes, pages and what is told about them, with only what a test does not say filled in."""

from collections.abc import Iterable
from typing import Any

import factory
from wagtail.models import Locale, PageViewRestriction

from library.models import Resource
from links.models import Link
from pages.models import (
    CountryIndexPage,
    CountryPage,
    FreePage,
    HomePage,
    KeyResource,
    Scheme,
    ThemeIndexPage,
    ThemePage,
)
from taxonomy.models import Country, Region, Theme

NAMES = {
    "SEN": ("SN", "Senegal", "Sénégal", "Senegal"),
    "CPV": ("CV", "Cape Verde", "Cap-Vert", "Cabo Verde"),
    "KEN": ("KE", "Kenya", "Kenya", "Kenia"),
}


class CountryFactory(factory.django.DjangoModelFactory):
    """A country by its code: `CountryFactory(iso3="SEN")`."""

    class Meta:
        model = Country
        django_get_or_create = ("iso3",)

    iso3 = "SEN"
    iso2 = factory.LazyAttribute(lambda o: NAMES[o.iso3][0])
    name_en = factory.LazyAttribute(lambda o: NAMES[o.iso3][1])
    name_fr = factory.LazyAttribute(lambda o: NAMES[o.iso3][2])
    name_es = factory.LazyAttribute(lambda o: NAMES[o.iso3][3])
    region = Region.AFRICA


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme
        django_get_or_create = ("slug",)

    slug = "maternity"
    name_en = factory.LazyAttribute(lambda o: o.slug.capitalize())
    name_fr = factory.LazyAttribute(lambda o: f"{o.slug} (fr)")
    name_es = factory.LazyAttribute(lambda o: f"{o.slug} (es)")


def section(language: str = "en") -> CountryIndexPage:
    """The section of countries that migrations made."""
    return CountryIndexPage.objects.get(locale=Locale.objects.get(language_code=language))


def scheme(branches: list[str], state: str = "full", **fields: Any) -> Scheme:
    return Scheme(branches=branches, state=state, **{"source": "A survey", "year": 2011, **fields})


def country_page(iso3: str = "SEN", language: str = "en", live: bool = True, **fields: Any) -> CountryPage:
    """A page in its section, with its first revision; `live=False` leaves it a draft."""
    country = CountryFactory(iso3=iso3)
    values = {"title": country.name_in(language), "slug": iso3.lower(), "lead": f"Lead {iso3} {language}.", **fields}
    page = section(language).add_child(instance=CountryPage(country=country, live=False, **values))
    return _published(page, live)


def _published(page: Any, live: bool) -> Any:
    revision = page.save_revision()
    if live:
        revision.publish()
    return type(page).objects.get(pk=page.pk)


def theme_page(
    slug: str = "old-age", language: str = "en", live: bool = True, resources: Iterable[Resource] = (), **fields: Any
) -> ThemePage:
    """A page in the section of themes that migrations made, recommending these resources."""
    theme = ThemeFactory(slug=slug)
    values = {"title": theme.name_in(language), "slug": slug, "lead": f"Lead {slug} {language}.", **fields}
    page = ThemePage(theme=theme, live=False, **values)
    page.key_resources = [KeyResource(sort_order=i, resource=one) for i, one in enumerate(resources)]
    ThemeIndexPage.objects.get(locale__language_code=language).add_child(instance=page)
    return _published(page, live)


def free_page(slug: str = "privacy", language: str = "en", live: bool = True, **fields: Any) -> FreePage:
    """A page about the service, below the home page of its language."""
    values = {"title": slug.capitalize(), "slug": slug, "lead": f"Lead {slug} {language}.", **fields}
    home = HomePage.objects.get(locale__language_code=language)
    return _published(home.add_child(instance=FreePage(live=False, **values)), live)


def text(heading: str, html: str) -> dict[str, Any]:
    return {"type": "text", "value": {"heading": heading, "text": html}}


def restrict(page: Any, kind: str) -> PageViewRestriction:
    """Restrict a page and all below it: "login", "password" or "groups"."""
    return PageViewRestriction.objects.create(page=page, restriction_type=kind, password="x")


def told(key: str, audience: str = "public", source: str = "resource:1") -> Link:
    """An entry that the audience may read is about `key`."""
    return Link.objects.create(source=source, target=key, how=Link.How.TOPIC, audience=audience)
