"""How countries and themes become entries: `country:<pk>`, `theme:<pk>` are rows of taxonomy, pages their editions."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction

from core.entries import AUDIENCES, Audience, Entry, EntrySource, Part, registry
from core.nine import LABELS
from pages.facts import fact_years, page_text
from pages.models import CountryPage, Scheme
from pages.visibility import countries_visible_to, themes_visible_to, topic_audiences
from taxonomy.models import MAX_DEPTH, Country, Region, Theme

PAGES = CountryPage._meta.db_table
BASE = Page._meta.db_table
RESTRICTIONS = PageViewRestriction._meta.db_table
RESTRICTION_GROUPS = PageViewRestriction.groups.through
THEMES = Theme._meta.db_table

# The country of each page in the section below a restriction.
RESTRICTED = (
    f"SELECT 'country:' || p.country_id FROM {RESTRICTIONS} v JOIN {BASE} r ON r.id = v.page_id"
    f" JOIN {BASE} b ON substr(b.path, 1, length(r.path)) = r.path JOIN {PAGES} p ON p.page_ptr_id = b.id"
)


def below(theme: str) -> str:
    """Return the SELECT of the themes below one, level by level: SQLite allows no WITH in a trigger."""
    levels = []
    for depth in range(1, MAX_DEPTH):
        joins = "".join(f" JOIN {THEMES} t{n} ON t{n}.parent_id = t{n - 1}.id" for n in range(2, depth + 1))
        levels.append(f"SELECT 'theme:' || t{depth}.id FROM {THEMES} t1{joins} WHERE t1.parent_id = {theme}")
    return " UNION ".join(levels)


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


@registry.register
class CountryEntries(EntrySource):
    """A country: one entry for each edition of its page, or its mere names where other entries are about it."""

    kind = "country"
    label = gettext_lazy("Country")
    model = Country
    parts = (
        Part(CountryPage, "SELECT 'country:' || {row}.country_id"),
        Part(
            Page,  # a move, a new locale or a new title changes this table alone
            f"SELECT 'country:' || p.country_id FROM {PAGES} p WHERE p.page_ptr_id = {{row}}.id",
            columns=("live", "path", "title", "locale_id", "alias_of_id"),
        ),
        Part(Scheme, f"SELECT 'country:' || p.country_id FROM {PAGES} p WHERE p.page_ptr_id = {{row}}.page_id"),
        Part(
            PageViewRestriction,
            f"SELECT 'country:' || p.country_id FROM {BASE} r"
            f" JOIN {BASE} b ON substr(b.path, 1, length(r.path)) = r.path JOIN {PAGES} p ON p.page_ptr_id = b.id"
            " WHERE r.id = {row}.page_id",
        ),
        Part(RESTRICTION_GROUPS, f"{RESTRICTED} WHERE v.id = {{row}}.pageviewrestriction_id"),
        Part(
            Theme,
            f"SELECT 'country:' || country_id FROM {PAGES}",
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

    def entries(self, row: Country) -> Iterator[Entry]:
        """Yield an entry for each page, and for each language without one the name alone, as the list shows it."""
        for page in row.editions:
            with translation.override(page.language):
                yield self._edition(row, page)
        best = min(row.editions, key=lambda page: (AUDIENCES.index(page.audience), page.language != "en"), default=None)
        audience = min([a for a in (row.told_to, best and best.audience) if a], key=AUDIENCES.index, default=None)
        if audience is None:
            return
        open_pages = [page for page in row.editions if not _is_wider(audience, page.audience)]
        more = _drawn(row, best) if best in open_pages else {}
        for language in row.names.keys() - {page.language for page in open_pages}:
            yield self._entry(row, language, audience, **more)

    def _edition(self, row: Country, page: CountryPage) -> Entry:
        drawn = _drawn(row, page)
        years = fact_years(page)
        draft = {} if page.live else {"draft": True}
        return self._entry(
            row,
            page.language,
            page.audience,
            title=page.title,
            summary=page.lead,
            text=page_text(page),
            date=page.reviewed_on,
            **{**drawn, "facets": {**drawn["facets"], **({"facts": years[-1]} if years else {}), **draft}},
        )

    def _entry(self, row: Country, language: str, audience: Audience, **more: Any) -> Entry:
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

    def visible_to(self, user: Any) -> QuerySet[Country]:
        return countries_visible_to(user)

    def metadata(self, facets: Mapping[str, Any]) -> list[str]:
        region = [str(Region(facets["region"]).label)] if facets.get("region") else []
        facts = [_("Facts as of %(year)s") % {"year": facets["facts"]}] if facets.get("facts") else []
        return region + facts

    def nine(self, themes: Sequence[str], facets: Mapping[str, Any]) -> Mapping[str, str]:
        return dict(part.split(":") for part in facets.get("nine", ()))


def _drawn(row: Country, page: CountryPage) -> dict[str, Any]:
    """Return what a country's schemes add to its entries in every language: branches, and their teeth."""
    return {
        "themes": row.tree.with_ancestors(branch for branch, state in page.nine.items() if state != "hollow"),
        "facets": {"region": row.region, "nine": tuple(f"{branch}:{state}" for branch, state in page.nine.items())},
    }


def _is_wider(audience: str, other: str) -> bool:
    return AUDIENCES.index(audience) < AUDIENCES.index(other)


@registry.register
class ThemeEntries(EntrySource):
    """A theme that some entry is about; named in all three languages."""

    kind = "theme"
    label = gettext_lazy("Theme")
    model = Theme
    parts = (
        Part(
            Theme,
            below("{row}.id"),
            cause="fanout",
            columns=("slug", "parent_id", "name_en", "name_fr", "name_es"),
        ),
    )

    def rows(self, pks: Collection[int]) -> Iterable[Theme]:
        tree = ThemeTree()
        told = topic_audiences([f"theme:{pk}" for pk in pks])
        for pk in pks:
            if pk in tree.by_pk:
                theme = tree.by_pk[pk]
                theme.told_to = told.get(f"theme:{pk}")
                theme.above = tree.with_ancestors([theme.slug])
                theme.parent_names = tuple(tree.by_pk[theme.parent_id].names.values()) if theme.parent_id else ()
                yield theme

    def entries(self, row: Theme) -> Iterator[Entry]:
        for language, name in row.names.items() if row.told_to else ():
            with translation.override(language):
                branch = LABELS.get(row.slug)
                yield Entry(
                    kind=self.kind,
                    pk=row.pk,
                    language=language,
                    title=name,
                    route=("themes:detail", row.slug),
                    family=f"theme:{row.pk}",
                    audience=row.told_to,
                    aliases=(str(branch),) if branch else (),
                    themes=row.above,
                    facets={"below": row.parent_names},
                )

    def visible_to(self, user: Any) -> QuerySet[Theme]:
        return themes_visible_to(user)

    def metadata(self, facets: Mapping[str, Any]) -> list[str]:
        names = dict(zip(("en", "fr", "es"), facets.get("below", ()), strict=False))
        return [names.get(get_language() or "en", names["en"])] if names else []
