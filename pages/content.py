"""Loads the pages of countries and themes, and the free pages."""

import re
from typing import Any

from core.loading import Row, RowError, register
from library.models import Resource
from pages import cells
from pages.edition_files import FIGURES, SOURCE, Block, EditionLoader, block, callouts, in_order, texts
from pages.markdown import Prose
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
from taxonomy.models import Country, Theme

SCHEME_FIELDS = ("branches", "state", "programmes", "first_law", "laws", "note", "source", "source_url", "year")
SCHEME_NUMBERS = ("worker_rate", "employer_rate", "age_men", "age_women")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@register
class CountryPageLoader(EditionLoader):
    """Country pages by "SEN:en"; the editions of a country share its schemes."""

    name = "country_pages"
    order = 40
    model = CountryPage
    section = CountryIndexPage
    subject = "iso3"
    figures = "country_figures.csv"
    tables = {
        "country_figures.csv": FIGURES,
        "country_schemes.csv": (
            *("position", "branches", "state", "programmes", "first_law", "laws"),
            *("worker_rate", "employer_rate", "age_men", "age_women", "note"),
            *SOURCE,
        ),
        "country_reforms.csv": ("language", "position", "text", *SOURCE),
    }

    def check_subject(self, value: str) -> None:
        if not Country.objects.filter(iso3=value).exists():
            raise RowError(f"iso3 {value!r} is no country of countries.csv: write its alpha-3 code, as SEN")

    def subject_of(self, page: CountryPage) -> str:
        return page.country.iso3

    def new(self, value: str) -> CountryPage:
        return CountryPage(country=Country.objects.get(iso3=value), slug=value.lower())

    def fetched(self, pages: Any) -> Any:
        return pages.select_related("country").prefetch_related("schemes")

    def body(self, row: Row, prose: Prose) -> list[Block]:
        events = [cells.event(part) for part in in_order(row.values["country_reforms.csv"])]
        return [
            *self.figures_block(row),
            *([block("scheme_table", None)] if row.values["country_schemes.csv"] else []),
            *texts(prose),
            *([block("timeline", {"events": events})] if events else []),
            *callouts(prose),
        ]

    def children(self, row: Row) -> dict[str, Any]:
        return {"schemes": [cells.scheme(part) for part in in_order(row.values["country_schemes.csv"])]}

    def children_of(self, page: CountryPage) -> dict[str, Any]:
        return {"schemes": [_plain_scheme(scheme) for scheme in page.schemes.all()]}

    def set_children(self, page: CountryPage, wanted: dict[str, Any]) -> None:
        page.schemes = [Scheme(sort_order=number, **fields) for number, fields in enumerate(wanted["schemes"], start=1)]
        for scheme in page.schemes.all():
            scheme.full_clean(exclude=["page"])


def _plain_scheme(scheme: Scheme) -> dict[str, Any]:
    numbers = {name: getattr(scheme, name) for name in SCHEME_NUMBERS}
    return {
        **{name: getattr(scheme, name) for name in SCHEME_FIELDS},
        **{name: None if value is None else cells.shortest(value) for name, value in numbers.items()},
    }


@register
class ThemePageLoader(EditionLoader):
    """Theme pages by "old-age:en"; the editions of a theme recommend the same resources."""

    name = "theme_pages"
    order = 45
    model = ThemePage
    section = ThemeIndexPage
    subject = "slug"
    figures = "theme_figures.csv"
    tables = {"theme_figures.csv": FIGURES, "theme_resources.csv": ("position", "resource")}

    def check_subject(self, value: str) -> None:
        if not Theme.objects.filter(slug=value).exists():
            raise RowError(f"slug {value!r} is no theme of themes.csv: write its slug, as old-age")

    def subject_of(self, page: ThemePage) -> str:
        return page.theme.slug

    def new(self, value: str) -> ThemePage:
        return ThemePage(theme=Theme.objects.get(slug=value), slug=value)

    def fetched(self, pages: Any) -> Any:
        return pages.select_related("theme").prefetch_related("key_resources__resource")

    def children(self, row: Row) -> dict[str, Any]:
        numbers = [cells.resource_number(part) for part in in_order(row.values["theme_resources.csv"])]
        present = set(Resource.objects.filter(number__in=numbers).values_list("number", flat=True))
        for number in numbers:
            if number not in present:
                raise RowError(f"resource b{number:04} of theme_resources.csv is not in the library: write another")
            if numbers.count(number) > 1:
                raise RowError(f"resource b{number:04} stands twice in theme_resources.csv: remove one row")
        return {"resources": numbers}

    def children_of(self, page: ThemePage) -> dict[str, Any]:
        return {"resources": [chosen.resource.number for chosen in page.key_resources.all()]}

    def set_children(self, page: ThemePage, wanted: dict[str, Any]) -> None:
        found = {resource.number: resource for resource in Resource.objects.filter(number__in=wanted["resources"])}
        page.key_resources = [
            KeyResource(sort_order=position, resource=found[number])
            for position, number in enumerate(wanted["resources"], start=1)
        ]


@register
class FreePageLoader(EditionLoader):
    """Free pages by "privacy:en"."""

    name = "free_pages"
    order = 46
    model = FreePage
    section = HomePage
    subject = "slug"

    def check_subject(self, value: str) -> None:
        if not SLUG.fullmatch(value):
            raise RowError(f"slug {value!r}: write small letters, digits and hyphens, as what-gess-is")

    def subject_of(self, page: FreePage) -> str:
        return page.slug

    def new(self, value: str) -> FreePage:
        return FreePage(slug=value)
