"""How resources become entries: found, linked and listed from this declaration alone."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from core.analysis import identifiers
from core.entries import Entry, EntrySource, Part, registry
from library.choices import ResourceType, Role, Scheme
from library.instruments import instrument_names
from library.models import Agent, Contribution, Identifier, Resource
from taxonomy.models import MAX_DEPTH, Country, Theme

BYLINE_NAMES = 3  # more are named by the first and "et al."
CHUNK = 200

THEMES = Resource.themes.through
COUNTRIES = Resource.countries.through


def byline(resource: Resource) -> str:
    """Return the authors, or the issuing bodies where no person is named: "Ong, C. B.; Peyron Bista, C."."""
    parts = list(resource.contributions.all())
    names = [part.printed for part in parts if part.role == Role.AUTHOR]
    names = names or [part.printed for part in parts if part.role == Role.ISSUER]
    if len(names) > BYLINE_NAMES:
        return f"{names[0]} et al."
    return "; ".join(names) + (" et al." if names and resource.authors_incomplete else "")


def facets(resource: Resource) -> dict[str, str | int]:
    """Return what a result line needs, as codes."""
    year = {"year": resource.year} if resource.year else {}
    draft = {"draft": True} if resource.is_new_draft else {}
    return {"type": resource.type, "byline": byline(resource), "date": resource.date, **year, **draft}


def fetch_parts(resources: Sequence[Resource], *more: str) -> Sequence[Resource]:
    """Fetch who made the resources, and the named relations: one statement each for every 200 of them.

    In pieces, since the relations of one clustered object are asked for with one OR for each: SQLite refuses 1,000.
    """
    contributions = Prefetch("contributions", Contribution.objects.select_related("agent"))
    for start in range(0, len(resources), CHUNK):
        prefetch_related_objects(resources[start : start + CHUNK], contributions, *more)
    return resources


def entry(resource: Resource, themes: Sequence[str], **more: Any) -> Entry:
    """Return what lists show of a resource; `more` is what only searching and linking need."""
    return Entry(
        kind="resource",
        pk=resource.pk,
        language=resource.language,
        title=resource.title,
        route=("library:resource", str(resource.number)),
        family=f"work:{resource.work_id}",
        audience="staff" if resource.is_new_draft else "public",
        themes=tuple(themes),
        facets=facets(resource),
        date=resource.published_on,
        **more,
    )


@registry.register
class ResourceEntries(EntrySource):
    """Resources, each in its own language; editions of one work are one family. New drafts are the staff's."""

    kind = "resource"
    label = _("Resource")
    model = Resource
    parts = (
        Part(Contribution, "SELECT 'resource:' || {row}.resource_id"),
        Part(Identifier, "SELECT 'resource:' || {row}.resource_id"),
        Part(THEMES, "SELECT 'resource:' || {row}.resource_id"),
        Part(COUNTRIES, "SELECT 'resource:' || {row}.resource_id"),
        Part(
            Agent,
            f"SELECT 'resource:' || resource_id FROM {Contribution._meta.db_table} WHERE agent_id = {{row}}.id",
            cause="fanout",
            columns=("name",),
        ),
        Part(
            Theme,
            f"SELECT 'resource:' || resource_id FROM {THEMES._meta.db_table} WHERE "
            + " OR ".join(
                # A theme and those below it, level by level: SQLite allows no WITH in a trigger.
                "theme_id IN (" + f"SELECT id FROM {Theme._meta.db_table} WHERE parent_id IN (" * depth
                + "{row}.id" + ")" * depth + ")"
                for depth in range(MAX_DEPTH)
            ),
            cause="fanout",
            columns=("slug", "parent_id"),
        ),
        Part(
            Country,
            f"SELECT 'resource:' || resource_id FROM {COUNTRIES._meta.db_table} WHERE country_id = {{row}}.id",
            cause="fanout",
            columns=("iso3",),
        ),
    )  # fmt: skip

    def rows(self, pks: Collection[int]) -> Iterable[Resource]:
        """Return resources with all their parts, in a bounded number of statements."""
        parents = dict(Theme.objects.values_list("pk", "parent"))
        slugs = dict(Theme.objects.values_list("pk", "slug"))
        resources = list(Resource.objects.filter(pk__in=pks))
        for resource in fetch_parts(resources, "themes", "countries", "identifiers"):
            resource.theme_slugs = [slugs[pk] for pk in _with_ancestors(resource.themes.all(), parents)]
            yield resource

    def entries(self, row: Resource) -> Iterator[Entry]:
        if not row.live and not row.is_new_draft:
            return
        texts = [row.subtitle, row.series, row.series_number, row.place]
        texts += [part.printed for part in row.contributions.all()]
        texts += [part.agent.name for part in row.contributions.all() if part.name_as_printed]
        found = [identifier.normalised for identifier in row.identifiers.all()]
        found += [symbol for symbol in identifiers(row.series_number) if symbol.startswith("symbol:")]
        yield entry(
            row,
            row.theme_slugs,
            summary=row.abstract,
            text="\n".join(filter(None, texts)),
            names=_names(row),
            countries=tuple(sorted(country.iso3 for country in row.countries.all())),
            identifiers=tuple(dict.fromkeys(found)),
        )

    def visible_to(self, user: Any) -> QuerySet[Resource]:
        return Resource.objects.visible_to(user)

    def metadata(self, facets: Mapping[str, Any]) -> list[str]:
        return [text for text in (str(ResourceType(facets["type"]).label), facets["byline"]) if text]


def _names(resource: Resource) -> tuple[str, ...]:
    """Return the phrases by which texts mention an international instrument; other resources are cited, not named."""
    if resource.type != ResourceType.INTERNATIONAL_INSTRUMENT:
        return ()
    number = next((i.normalised for i in resource.identifiers.all() if i.scheme == Scheme.ILO), "")
    names = [resource.title]
    if number:
        names += instrument_names(number.removeprefix("ilo:"), resource.title, resource.language)
    return tuple(dict.fromkeys(names))


def _with_ancestors(themes: Iterable[Theme], parents: Mapping[int, int | None]) -> list[int]:
    """Return the keys of these themes, then of the themes above them, nearest first."""
    chain = sorted(theme.pk for theme in themes)
    for pk in chain:
        parent = parents.get(pk)
        if parent is not None and parent not in chain:
            chain.append(parent)
    return chain
