"""The sections of a concept as its page shows them: the reader's language first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language

from core.languages import direction
from glossary.choices import AVOIDED, DesignationKind, State, TermStatus
from glossary.headwords import Headword
from glossary.models import Concept, Designation, LanguageSection

Parts = tuple[LanguageSection, Sequence[Designation]]
NAMES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Word:
    """Another designation: where it is used, and why to avoid it."""

    text: str
    region: str = ""
    reason: str = ""
    instead: Headword | None = None


@dataclass(frozen=True)
class Row:
    """One language of a term's page. `state` is empty where the section is validated."""

    section: LanguageSection
    head: Designation
    name: str
    dir: str
    state: str
    also: list[Word] = field(default_factory=list)
    avoid: list[Word] = field(default_factory=list)


def readable_parts(number: int, user: Any) -> tuple[Concept | None, list[Parts]]:
    """Return a concept with those of its sections that `user` may see: one statement. None if he sees nothing of it."""
    found = Designation.objects.readable_by(user).filter(section__concept__number=number)
    found = found.select_related("section__concept").order_by("section__sort_order", "section", "sort_order", "pk")
    grouped: dict[int, tuple[LanguageSection, list[Designation]]] = {}
    for designation in found:
        grouped.setdefault(designation.section_id, (designation.section, []))[1].append(designation)
    parts = [part for part in grouped.values() if head_of(part[1])]
    return (parts[0][0].concept if parts else None), parts


def parts_in_memory(concept: Concept) -> list[Parts]:
    """Return the sections of a concept that is being written."""
    parts = [(section, list(section.designations.all())) for section in concept.sections.all()]
    return [part for part in parts if head_of(part[1])]


def head_of(designations: Iterable[Designation]) -> Designation | None:
    return min((d for d in designations if d.is_head), key=lambda d: d.region, default=None)


def in_order(parts: Iterable[Parts]) -> list[Parts]:
    """Put the reader's language first, then the interface's languages in their order."""
    order = [get_language() or "en", *NAMES]
    return sorted(parts, key=lambda part: order.index(part[0].language) if part[0].language in order else len(order))


def row(part: Parts, labels: Mapping[int, Headword]) -> Row:
    section, designations = part
    head = head_of(designations)
    others = [
        d for d in designations if d != head and d.kind != DesignationKind.SEARCH_ONLY
        and d.status != TermStatus.PROPOSED
    ]  # fmt: skip
    return Row(
        section=section,
        head=head,
        name=NAMES.get(section.language, section.language),
        dir=direction(section.language),
        state="" if section.state == State.VALIDATED else section.get_state_display(),
        also=[_word(d, labels) for d in others if d.status not in AVOIDED],
        avoid=[_word(d, labels) for d in others if d.status in AVOIDED],
    )


def _word(designation: Designation, labels: Mapping[int, Headword]) -> Word:
    instead = labels.get(designation.replaced_by_id) if designation.replaced_by_id else None
    return Word(str(designation), territory(designation.region), designation.reason, instead)


def territory(code: str) -> str:
    """Return the name of a country in the reader's language: "Mexico" for MX."""
    return Locale.parse(get_language() or "en", sep="-").territories.get(code, code)
