"""Concepts for tests, with only what a test does not say filled in."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from glossary.models import Concept, ConceptRelation, Designation, LanguageSection, SurfaceForm


def word(text: str, forms: Iterable[str] = (), **fields: Any) -> Designation:
    """Return a designation that belongs to nothing yet; preferred unless told otherwise."""
    made = Designation(text=text, **fields)
    made.forms = [form if isinstance(form, SurfaceForm) else SurfaceForm(text=form) for form in forms]
    return made


def section(language: str, *words: str | Designation, **fields: Any) -> LanguageSection:
    """Return a validated section; words after the first are admitted."""
    texts = {"state": "validated", "definition": f"what {words[0]} means", "definition_source": "GESS editors, 2026"}
    made = LanguageSection(language=language, **{**texts, **fields})
    made.designations = [
        each if isinstance(each, Designation) else word(each, status="admitted" if place else "preferred")
        for place, each in enumerate(words)
    ]
    return made


def concept(*sections: str | LanguageSection, draft: bool = False, **fields: Any) -> Concept:
    """Return a saved concept, validated and published unless `draft`; texts are English preferred terms."""
    many = {name: fields.pop(name, ()) for name in ("themes", "countries", "collections")}
    broader, related = fields.pop("broader", ()), fields.pop("related", ())
    now = None if draft else timezone.now()
    given = {"status": "draft" if draft else "validated", "live": not draft}
    made = Concept(**{**given, "first_published_at": now, "last_published_at": now, **fields})
    made.sections = [each if isinstance(each, LanguageSection) else section("en", each) for each in sections]
    made.relations = [
        *(ConceptRelation(target=other, kind="broader_generic") for other in broader),
        *(ConceptRelation(target=other, kind="related") for other in related),
    ]
    for name, values in many.items():
        setattr(made, name, list(values))
    made.save()
    return made


def pension(**fields: Any) -> Concept:
    """Return a concept in three languages, with a plural each."""
    return concept(
        section("en", word("old-age pension", ["old-age pensions"])),
        section("fr", word("pension de vieillesse", ["pensions de vieillesse"], gender="f")),
        section("es", word("pensión de vejez", ["pensiones de vejez"], gender="f")),
        **fields,
    )
