"""How countries, themes and free pages become entries.

`country:<pk>` and `theme:<pk>` are rows of taxonomy, and pages their editions; `page:<pk>` is a free page.
"""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.entries import AUDIENCES, Audience, Entry, EntrySource, Part, registry
from core.nine import LABELS
from pages.facts import country_text, country_years, figure_years, page_text
from pages.models import CountryPage, Edition, FreePage, KeyResource, Scheme, ThemePage
from pages.visibility import countries_visible_to, themes_visible_to, topic_audiences
from pages.watching import child_part, page_parts, themes_below
from taxonomy.models import Country, Region, Theme


class ThemeTree:
    """All themes in memory: a few dozen, one statement."""

    def __init__(self) -> None:
        self.by_pk = {theme.pk: theme for theme in Theme.objects.all()}
        self.by_slug = {theme.slug: theme for theme in self.by_pk.values()}

    def with_ancestors(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """Return the slugs that are themes, then those of the themes above them, each once."""
        own = [self.by_slug[slug] for slug in slugs if slug in self.by_slug]
        above, level = [], own
        while level:
            level = [self.by_pk[theme.parent_id] for theme in level if theme.parent_id]
            above += level
        return tuple(dict.fromkeys(theme.slug for theme in own + above))


class TaxonomyEntries(EntrySource):
    """A row of taxonomy: an entry for each edition of its page, or its mere names where other entries are about it."""

    def entries(self, row: Country | Theme) -> Iterator[Entry]:
        """Yield an entry for each page, and for each language without one the name alone, as the list shows it."""
        for page in row.editions:
            with translation.override(page.language):
                yield self.entry(
                    row,
                    page.language,
                    page.audience,
                    title=page.title,
                    summary=page.lead,
                    date=page.reviewed_on,
                    **self.edition(row, page),
                )
        best = min(row.editions, key=lambda page: (AUDIENCES.index(page.audience), page.language != "en"), default=None)
        audience = min([a for a in (row.told_to, best and best.audience) if a], key=AUDIENCES.index, default=None)
        if audience is None:
            return
        open_pages = [page for page in row.editions if not _is_wider(audience, page.audience)]
        more = self.shared(row, best) if best in open_pages else {}
        for language in row.names.keys() - {page.language for page in open_pages}:
            with translation.override(language):
                yield self.entry(row, language, audience, **more)

    @abstractmethod
    def entry(self, row: Any, language: str, audience: Audience, **more: Any) -> Entry:
        """Return the entry in one language; without `more` it has the name alone."""

    @abstractmethod
    def edition(self, row: Any, page: Any) -> dict[str, Any]:
        """Return what a page gives to its own entry, besides title, lead and date."""

    def shared(self, row: Any, page: Any) -> dict[str, Any]:
        """Return what a page gives to the entries of the other languages too."""
        return {}


@registry.register
class CountryEntries(TaxonomyEntries):
    """A country: its schemes draw the nine of its entries in every language."""

    kind = "country"
    label = gettext_lazy("Country")
    model = Country
    parts = (
        *page_parts("country", CountryPage, "country_id"),
        child_part("country", CountryPage, "country_id", Scheme),
        Part(
            Theme,
            f"SELECT 'country:' || country_id FROM {CountryPage._meta.db_table}",
            cause="fanout",
            columns=("slug", "parent_id"),
        ),
    )

    def rows(self, pks: Collection[int]) -> Iterable[Country]:
        """Return countries with their pages: five statements, whatever their number."""
        pages = CountryPage.objects.editions().with_audience().prefetch_related("schemes").order_by("language")
        countries = Country.objects.filter(pk__in=pks).prefetch_related(Prefetch("pages", pages, to_attr="editions"))
        told = topic_audiences([f"country:{pk}" for pk in pks])
        tree = ThemeTree()
        for country in countries:
            country.told_to = told.get(f"country:{country.pk}")
            country.tree = tree
            yield country

    def entry(self, row: Country, language: str, audience: Audience, **more: Any) -> Entry:
        fields: dict[str, Any] = {"title": row.name_in(language), "facets": {"region": row.region}, **more}
        return Entry(
            kind=self.kind,
            pk=row.pk,
            language=language,
            route=("countries:detail", row.iso3.lower()),
            family=f"country:{row.pk}",
            audience=audience,
            names=(row.name_in(language),),
            countries=(row.iso3,),
            **fields,
        )

    def edition(self, row: Country, page: CountryPage) -> dict[str, Any]:
        drawn = self.shared(row, page)
        facets = {**drawn["facets"], **_facts(country_years(page)), **_draft(page)}
        return {**drawn, "text": country_text(page), "facets": facets}

    def shared(self, row: Country, page: CountryPage) -> dict[str, Any]:
        """Return branches, and their teeth."""
        return {
            "themes": row.tree.with_ancestors(branch for branch, state in page.nine.items() if state != "hollow"),
            "facets": {"region": row.region, "nine": tuple(f"{branch}:{state}" for branch, state in page.nine.items())},
        }

    def visible_to(self, user: Any) -> QuerySet[Country]:
        return countries_visible_to(user)

    def metadata(self, facets: Mapping[str, Any]) -> list[str]:
        region = [str(Region(facets["region"]).label)] if facets.get("region") else []
        return region + _facts_as_of(facets)

    def nine(self, themes: Sequence[str], facets: Mapping[str, Any]) -> Mapping[str, str]:
        return dict(part.split(":") for part in facets.get("nine", ()))


@registry.register
class ThemeEntries(TaxonomyEntries):
    """A theme: its page cites the resources that editors chose."""

    kind = "theme"
    label = gettext_lazy("Theme")
    model = Theme
    parts = (
        *page_parts("theme", ThemePage, "theme_id"),
        child_part("theme", ThemePage, "theme_id", KeyResource),
        Part(
            Theme,
            themes_below("{row}.id"),
            cause="fanout",
            columns=("slug", "parent_id", "name_en", "name_fr", "name_es"),
        ),
    )

    def rows(self, pks: Collection[int]) -> Iterable[Theme]:
        """Return themes with their pages: five statements, whatever their number."""
        pages = ThemePage.objects.editions().with_audience().prefetch_related("key_resources").order_by("language")
        themes = Theme.objects.filter(pk__in=pks).prefetch_related(Prefetch("pages", pages, to_attr="editions"))
        told = topic_audiences([f"theme:{pk}" for pk in pks])
        tree = ThemeTree()
        for theme in themes:
            theme.told_to = told.get(f"theme:{theme.pk}")
            theme.above = tree.with_ancestors([theme.slug])
            theme.parent_names = tuple(tree.by_pk[theme.parent_id].names.values()) if theme.parent_id else ()
            yield theme

    def entry(self, row: Theme, language: str, audience: Audience, **more: Any) -> Entry:
        branch = LABELS.get(row.slug)
        fields: dict[str, Any] = {"title": row.name_in(language), "facets": {"below": row.parent_names}, **more}
        return Entry(
            kind=self.kind,
            pk=row.pk,
            language=language,
            route=("themes:detail", row.slug),
            family=f"theme:{row.pk}",
            audience=audience,
            aliases=(str(branch),) if branch else (),
            themes=row.above,
            **fields,
        )

    def edition(self, row: Theme, page: ThemePage) -> dict[str, Any]:
        return {
            "text": page_text(page),
            "references": tuple(page.resource_keys()),
            "facets": {"below": row.parent_names, **_facts(figure_years(page)), **_draft(page)},
        }

    def visible_to(self, user: Any) -> QuerySet[Theme]:
        return themes_visible_to(user)

    def metadata(self, facets: Mapping[str, Any]) -> list[str]:
        names = dict(zip(("en", "fr", "es"), facets.get("below", ()), strict=False))
        above = [names.get(get_language() or "en", names["en"])] if names else []
        return above + _facts_as_of(facets)


@registry.register
class PageEntries(EntrySource):
    """A free page in one language; pages of one slug are the editions of one."""

    kind = "page"
    label = gettext_lazy("Page")
    model = FreePage
    parts = page_parts("page", FreePage, "page_ptr_id")[1:]  # the page's own table is watched as every model is

    def rows(self, pks: Collection[int]) -> Iterable[FreePage]:
        return FreePage.objects.editions().with_audience().filter(pk__in=pks)

    def entries(self, row: FreePage) -> Iterator[Entry]:
        with translation.override(row.language):
            yield Entry(
                kind=self.kind,
                pk=row.pk,
                language=row.language,
                title=row.title,
                summary=row.lead,
                text=page_text(row),
                route=("about", row.slug),
                family=f"page:{row.slug}",
                audience=row.audience,
                facets=_draft(row),
                date=row.reviewed_on,
            )

    def visible_to(self, user: Any) -> QuerySet[FreePage]:
        return FreePage.objects.visible_to(user)


def _is_wider(audience: str, other: str) -> bool:
    return AUDIENCES.index(audience) < AUDIENCES.index(other)


def _draft(page: Edition) -> dict[str, bool]:
    return {} if page.live else {"draft": True}


def _facts(years: Sequence[int]) -> dict[str, int]:
    return {"facts": years[-1]} if years else {}


def _facts_as_of(facets: Mapping[str, Any]) -> list[str]:
    return [_("Facts as of %(year)s") % {"year": facets["facts"]}] if facets.get("facts") else []
