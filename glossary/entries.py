"""How concepts become entries: one for each language section that somebody may read."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.entries import Entry, EntrySource, Part, registry
from glossary.choices import DesignationKind, LinkMode, State, Status, TermStatus
from glossary.models import Concept, Designation, LanguageSection, SurfaceForm
from taxonomy.models import MAX_DEPTH, Country, Theme

THEMES = Concept.themes.through
COUNTRIES = Concept.countries.through
WEIGHT = 1.2  # a word's own meaning before what only mentions it
PARTS = ("themes", "countries", "sections__designations__forms")


@registry.register
class TermEntries(EntrySource):
    """Concepts; the languages of one are a family. Texts link its designations and their forms."""

    kind = "term"
    label = _("Term")
    model = Concept
    parts = (
        Part(LanguageSection, "SELECT 'term:' || {row}.concept_id"),
        Part(
            Designation,
            f"SELECT 'term:' || concept_id FROM {LanguageSection._meta.db_table} WHERE id = {{row}}.section_id",
        ),
        Part(
            SurfaceForm,
            f"SELECT 'term:' || section.concept_id FROM {LanguageSection._meta.db_table} AS section"
            f" JOIN {Designation._meta.db_table} AS designation ON designation.section_id = section.id"
            " WHERE designation.id = {row}.designation_id",
        ),
        Part(THEMES, "SELECT 'term:' || {row}.concept_id"),
        Part(COUNTRIES, "SELECT 'term:' || {row}.concept_id"),
        Part(
            Theme,
            f"SELECT 'term:' || concept_id FROM {THEMES._meta.db_table} WHERE "
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
            f"SELECT 'term:' || concept_id FROM {COUNTRIES._meta.db_table} WHERE country_id = {{row}}.id",
            cause="fanout",
            columns=("iso3",),
        ),
    )  # fmt: skip

    def rows(self, pks: Collection[int]) -> Iterable[Concept]:
        """Return concepts with all their parts, in a bounded number of statements."""
        above = {theme.pk: theme for theme in Theme.objects.all()}
        for concept in Concept.objects.filter(pk__in=pks).prefetch_related(*PARTS):
            concept.theme_slugs = _with_ancestors(concept.themes.all(), above)
            yield concept

    def entries(self, row: Concept) -> Iterator[Entry]:
        sections = list(row.sections.all())
        for section in sections:
            if audience := row.audience_of_section(section):
                head, words = section.head, list(section.designations.all())
                names, aliases = _phrases(words)
                texts = [section.note, section.example, *(str(word) for word in words if word != head)]
                yield Entry(
                    kind="term",
                    pk=row.pk,
                    language=section.language,
                    title=str(head),
                    route=("glossary:term", head.slug, str(row.number)),
                    family=f"term:{row.pk}",
                    audience=audience,
                    summary=section.definition,
                    text="\n".join(filter(None, texts)),
                    names=names,
                    aliases=aliases,
                    themes=row.theme_slugs,
                    countries=tuple(sorted(country.iso3 for country in row.countries.all())),
                    facets=_facets(row, section, sections),
                    weight=WEIGHT,
                )

    def visible_to(self, user: Any) -> QuerySet[Concept]:
        return Concept.objects.visible_to(user)

    def metadata(self, facets: Mapping[str, Any]) -> list[str]:
        return [f"{language} {term}" for language, term in facets["equivalents"]]

    def for_search_engines(self, visible: QuerySet[Concept]) -> QuerySet[Concept]:
        return visible.exclude(status=Status.DEPRECATED)


def _facets(concept: Concept, shown: LanguageSection, sections: Sequence[LanguageSection]) -> dict[str, Any]:
    others = (s for s in sections if s != shown and s.state == State.VALIDATED and s.head)
    equivalents = tuple((section.language, str(section.head)) for section in others)
    draft = {"draft": True} if concept.audience_of_section(shown) == "staff" else {}
    return {"state": concept.status, "equivalents": equivalents, **draft}


def _phrases(words: Iterable[Designation]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the phrases that texts link, and those that only searches understand."""
    names: dict[str, None] = {}
    aliases: dict[str, None] = {}
    for word in words:
        if word.status == TermStatus.PROPOSED:
            continue
        silent = word.link_mode == LinkMode.NEVER or word.kind == DesignationKind.SEARCH_ONLY
        forms = [form.text for form in word.forms.all() if form.enabled]
        (aliases if silent else names).update(dict.fromkeys([word.text, *forms]))
    return tuple(names), tuple(alias for alias in aliases if alias not in names)


def _with_ancestors(themes: Iterable[Theme], above: Mapping[int, Theme]) -> tuple[str, ...]:
    """Return the slugs of these themes, then of the themes above them, nearest first."""
    chain = sorted(themes, key=lambda theme: theme.pk)
    for theme in chain:
        parent = above.get(theme.parent_id)
        if parent is not None and parent not in chain:
            chain.append(parent)
    return tuple(theme.slug for theme in chain)
