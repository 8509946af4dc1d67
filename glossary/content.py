"""Loads `content/glossary/`: collections, then concepts, then the relations between these."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core.converters import NUMBER
from core.loading import Loader, Report, Row, RowError, read_csv, register
from core.models import LoadedRow
from glossary import rules
from glossary.choices import (
    PUBLIC,
    DesignationKind,
    Gender,
    GrammaticalNumber,
    LinkMode,
    Origin,
    PartOfSpeech,
    RelationKind,
    State,
    Status,
    TermStatus,
)
from glossary.models import (
    Collection,
    Concept,
    ConceptRelation,
    Designation,
    LanguageSection,
    SurfaceForm,
)
from glossary.models.concepts import default_scheme
from glossary.proposals import propose
from glossary.rows import concept_rows, once, parts
from taxonomy.models import Country, Theme

NAMES = ("name_en", "name_fr", "name_es")
TEXTS = ("definition", "definition_source", "definition_url", "note", "example")
# Columns of a designation, by the name of the model's field.
WORD = {
    "text": "term", "kind": "kind", "status": "term_status", "pos": "pos", "gender": "gender", "number": "number",
    "region": "region", "qualifier": "qualifier", "context": "context", "source": "source", "link_mode": "link_mode",
    "reason": "reason",
}  # fmt: skip
CODES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(DesignationKind.values), "term_status": tuple(TermStatus.values), "pos": tuple(PartOfSpeech.values),
    "gender": ("", *Gender.values), "number": tuple(GrammaticalNumber.values), "link_mode": tuple(LinkMode.values),
}  # fmt: skip
COMPUTED = ("section", "scheme", "language", "text_key", "sort_key", "initial")


@register
class CollectionLoader(Loader):
    """Collections, in the order of the file."""

    name = "glossary collections"
    order = 34

    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        path = folder / "glossary" / "collections.csv"
        for place, row in enumerate(read_csv(path, ("slug", *NAMES, "themes"), lambda v: v["slug"], report), 1):
            row.values["position"] = place
            yield row

    def present(self) -> dict[str, Collection]:
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}
        return {collection.slug: collection for collection in Collection.objects.prefetch_related("themes")}

    def wanted(self, row: Row) -> dict[str, Any]:
        return {
            **{name: row.values[name] for name in (*NAMES, "position")},
            "themes": known(row.values["themes"], self.themes, "themes", "a slug of themes.csv"),
        }

    def state(self, obj: Collection) -> dict[str, Any]:
        names = {name: getattr(obj, name) for name in (*NAMES, "position")}
        return {**names, "themes": sorted(theme.slug for theme in obj.themes.all())}

    def save(self, key: str, wanted: dict[str, Any], obj: Collection | None) -> None:
        collection = obj or Collection(slug=key)
        for name in (*NAMES, "position"):
            setattr(collection, name, wanted[name])
        collection.full_clean()
        collection.save()
        collection.themes.set([self.themes[slug] for slug in wanted["themes"]])


@register
class ConceptLoader(Loader):
    """Concepts with all that stands in their rows: whole, or not at all. What is validated is published."""

    name = "glossary"
    order = 35

    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        rows = list(concept_rows(folder, report))
        self.in_files = {int(row.key) for row in rows}
        return iter(rows)

    def present(self) -> dict[str, Concept]:
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}
        self.countries = {country.iso3: country for country in Country.objects.all()}
        self.collections = {collection.slug: collection for collection in Collection.objects.all()}
        concepts = Concept.objects.prefetch_related(
            "themes", "countries", "collections", "sections__designations__forms"
        )
        found = {str(concept.number): concept for concept in concepts}
        self.numbers = set(map(int, found))
        return found

    def wanted(self, row: Row) -> dict[str, Any]:
        lines = row.values["rows"]
        first = once(lines, ("status", "collection", "themes", "countries", "broader_ids", "related_ids"), "concept")
        code(first, "status", Status.values)
        for column in ("broader_ids", "related_ids"):
            unknown = sorted(set(numbers(first, column)) - self.in_files - self.numbers)
            if unknown:
                raise RowError(f"{column}: there is no concept {unknown[0]}, neither here nor in the files")
        deprecated = first["status"] == Status.DEPRECATED
        if deprecated and not (first["reason"] or first["replaced_by"]):
            raise RowError(_("Say why the concept is deprecated, or what replaces it."))
        return {
            "status": first["status"],
            "reason": first["reason"] if deprecated else "",
            "collections": known(first["collection"], self.collections, "collection", "a slug of collections.csv"),
            "themes": known(first["themes"], self.themes, "themes", "a slug of themes.csv"),
            "countries": known(first["countries"], self.countries, "countries", "a code of countries.csv"),
            "sections": {language: _section(rows) for language, rows in _by_language(lines).items()},
            "published": first["status"] in PUBLIC,
            "unpublished changes": False,
        }

    def state(self, obj: Concept) -> dict[str, Any]:
        return {
            "status": obj.status,
            "reason": obj.reason,
            "collections": sorted(collection.slug for collection in obj.collections.all()),
            "themes": sorted(theme.slug for theme in obj.themes.all()),
            "countries": sorted(country.iso3 for country in obj.countries.all()),
            "sections": {
                section.language: {
                    "state": section.state,
                    **{name: getattr(section, name) for name in TEXTS},
                    "designations": [
                        {
                            **{name: getattr(designation, name) for name in WORD},
                            "forms": [form.text for form in designation.forms.all() if _is_written(form)],
                        }
                        for designation in section.designations.all()
                    ],
                }
                for section in obj.sections.all()
            },
            "published": obj.live,
            "unpublished changes": obj.has_unpublished_changes,
        }

    def save(self, key: str, wanted: dict[str, Any], obj: Concept | None) -> None:
        concept = obj or Concept(number=int(key))
        problems = [*rules.within(wanted), *rules.homonyms({**wanted, "number": concept.number}, default_scheme())]
        if problems:
            raise RowError(" ".join(problems))
        concept.status, concept.reason, concept.live = wanted["status"], wanted["reason"], wanted["published"]
        if concept.live:
            concept.last_published_at = timezone.now()
            concept.first_published_at = concept.first_published_at or concept.last_published_at
        concept.collections = [self.collections[slug] for slug in wanted["collections"]]
        concept.themes = [self.themes[slug] for slug in wanted["themes"]]
        concept.countries = [self.countries[iso3] for iso3 in wanted["countries"]]
        present = {section.language: section for section in obj.sections.all()} if obj else {}
        concept.sections = [
            _fill_section(present.get(language) or LanguageSection(language=language, concept=concept), section, order)
            for order, (language, section) in enumerate(wanted["sections"].items())
        ]
        concept.clean_fields(exclude=["number"])
        concept.save()


@register
class RelationLoader(Loader):
    """What leads from one concept to others, once these are there too."""

    name = "glossary relations"
    order = 36

    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        # What is wrong with the rows themselves, and which concepts are not here, was told before.
        here = set(Concept.objects.values_list("number", flat=True))
        return (row for row in concept_rows(folder, Report()) if int(row.key) in here)

    def present(self) -> dict[str, Concept]:
        self.edges = rules.all_edges()
        concepts = Concept.objects.select_related("replaced_by").prefetch_related(
            "relations__target", "sections__designations__replaced_by"
        )
        self.concepts = {str(concept.number): concept for concept in concepts}
        # One that was never loaded and has none yet counts as new, though the concept itself is there.
        loaded = set(LoadedRow.objects.filter(loader=self.name).values_list("key", flat=True))
        nothing = {"relations": [], "replaced_by": None, "say instead": {}}
        return {key: one for key, one in self.concepts.items() if key in loaded or self.state(one) != nothing}

    def wanted(self, row: Row) -> dict[str, Any]:
        lines = row.values["rows"]
        first = lines[0]
        kinds = {"broader_ids": RelationKind.BROADER_GENERIC, "related_ids": RelationKind.RELATED}
        deprecated = first["status"] == Status.DEPRECATED
        said = {f"{v['lang']} {v['term']}": numbers(v, "replaced_by") for v in lines if v["replaced_by"]}
        return {
            "relations": sorted([str(kind), n] for column, kind in kinds.items() for n in numbers(first, column)),
            "replaced_by": next(iter(numbers(first, "replaced_by")), None) if deprecated else None,
            "say instead": {word: found[0] for word, found in said.items()},
        }

    def state(self, obj: Concept) -> dict[str, Any]:
        return {
            "relations": sorted([relation.kind, relation.target.number] for relation in obj.relations.all()),
            "replaced_by": obj.replaced_by.number if obj.replaced_by else None,
            "say instead": {
                f"{section.language} {designation.text}": designation.replaced_by.number
                for section in obj.sections.all()
                for designation in section.designations.all()
                if designation.replaced_by
            },
        }

    def save(self, key: str, wanted: dict[str, Any], obj: Concept | None) -> None:
        obj = obj or self._concept(int(key))
        own = [(self._concept(number).pk, kind) for kind, number in wanted["relations"]]
        if problems := list(rules.between(obj.pk, own, self.edges)):
            raise RowError(" ".join(problems))
        replaced_by = self._concept(wanted["replaced_by"]) if wanted["replaced_by"] else None
        instead = {word: self._concept(number) for word, number in wanted["say instead"].items()}
        Concept.objects.filter(pk=obj.pk).update(replaced_by=replaced_by)
        obj.relations.model.objects.filter(source=obj.pk).delete()
        ConceptRelation.objects.bulk_create(
            ConceptRelation(source=obj, target_id=target, kind=kind, sort_order=order)
            for order, (target, kind) in enumerate(own)
        )
        for designation in Designation.objects.filter(section__concept=obj):
            found = instead.get(f"{designation.language} {designation.text}")
            Designation.objects.filter(pk=designation.pk).update(replaced_by=found)
        self.edges = [edge for edge in self.edges if edge[0] != obj.pk] + [(obj.pk, *pair) for pair in own]

    def _concept(self, number: int) -> Concept:
        try:
            return self.concepts[str(number)]
        except KeyError:
            raise RowError(f"there is no concept {number}: it was not loaded, or was deleted here") from None


def _by_language(lines: Iterable[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for values in lines:
        code(values, "lang", dict(settings.LANGUAGES))
        found[values["lang"]].append(values)
    return found


def _section(lines: list[dict[str, str]]) -> dict[str, Any]:
    first = once(lines, ("lang_state", *TEXTS), "language")
    code(first, "lang_state", State.values)
    for values in lines:
        for column, codes in CODES.items():
            code(values, column, codes)
    return {
        "state": first["lang_state"],
        **{name: first[name] for name in TEXTS},
        "designations": [
            {**{name: values[column] for name, column in WORD.items()}, "forms": parts(values["forms"])}
            for values in lines
            if values["term"]
        ],
    }


def _fill_section(section: LanguageSection, wanted: dict[str, Any], order: int) -> LanguageSection:
    """Bring a section to `wanted`. What is known of its words besides what a row says is kept."""
    section.state, section.sort_order = wanted["state"], order
    for name in TEXTS:
        setattr(section, name, wanted[name])
    _check(section, section.language, exclude=["concept"])
    present = {word.text: word for word in section.designations.all()}
    section.designations = [
        _fill_word(present.get(word["text"]) or Designation(), word, place, section.language)
        for place, word in enumerate(wanted["designations"])
    ]
    return section


def _fill_word(word: Designation, wanted: dict[str, Any], place: int, language: str) -> Designation:
    word.sort_order = place
    for name in WORD:
        setattr(word, name, wanted[name])
    _check(word, f"{language} “{word.text}”", exclude=COMPUTED)
    present = {form.text: form for form in word.forms.all()}
    forms = [present.pop(text, None) or SurfaceForm(text=text) for text in wanted["forms"]]
    for at, form in enumerate(forms):
        form.sort_order, form.enabled = at, True
        form.origin = form.origin if _is_written(form) else Origin.EDITOR
        _check(form, f"{language} “{form.text}”", exclude=["designation"])
    word.forms = [*forms, *(form for form in present.values() if form.origin == Origin.AUTO)]
    propose(word, language)
    return word


def _is_written(form: SurfaceForm) -> bool:
    """Tell whether a form is a person's, as those of files are: what the rules propose is no difference from a file."""
    return form.enabled and form.origin != Origin.AUTO


def _check(part: Model, where: str, exclude: Iterable[str]) -> None:
    try:
        part.clean_fields(exclude=exclude)
    except ValidationError as error:
        told = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
        raise RowError(f"{where}: {told}") from error


def code(values: dict[str, str], column: str, allowed: Iterable[str]) -> None:
    """Raise RowError for a code that is none."""
    if values[column] not in allowed:
        choices = ", ".join(each for each in allowed if each)
        raise RowError(f"{column} {values[column]!r} is unknown: use one of {choices}")


def known(cell: str, objects: Mapping[str, Any], column: str, what: str) -> list[str]:
    """Return the codes of a cell, sorted. Raises RowError for one that leads nowhere."""
    codes = parts(cell)
    if unknown := [each for each in codes if each not in objects]:
        raise RowError(f"{column}: {unknown[0]!r} is unknown: use {what}")
    return sorted(set(codes))


def numbers(values: dict[str, str], column: str) -> list[int]:
    """Return the numbers of a cell. Raises RowError for what is none."""
    found = parts(values[column])
    if wrong := [each for each in found if not re.fullmatch(NUMBER, each)]:
        raise RowError(f"{column}: {wrong[0]!r} is no number of a concept")
    return list(dict.fromkeys(map(int, found)))
