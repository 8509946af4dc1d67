"""Headwords as links: of other concepts, of alphabet neighbours, of lists."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language

from glossary.models import Designation
from glossary.querysets import DesignationQuerySet

BEFORE, AFTER = 1, 2  # neighbours shown


@dataclass(frozen=True)
class Headword:
    """A term that leads to its page; `language` is its own."""

    concept: int
    text: str
    language: str
    url: str


def address(slug: str, number: int) -> str:
    return reverse("glossary:term", args=[slug, number])


def heads(user: Any) -> DesignationQuerySet:
    """Return the headwords that `user` may see, with `concept` and `concept_number`."""
    found = Designation.objects.readable_by(user).heads()
    return found.annotate(concept=F("section__concept"), concept_number=F("section__concept__number"))


def headword(head: Designation) -> Headword:
    return Headword(head.concept, str(head), head.language, address(head.slug, head.concept_number))


def best(found: Iterable[Designation]) -> Designation | None:
    """Return the headword in the reader's language, else in English, else any; that of no region first."""
    wanted = get_language() or "en"
    order = {wanted: 0} if wanted == "en" else {wanted: 0, "en": 1}
    return min(found, key=lambda head: (order.get(head.language, 2), head.region, head.pk or 0), default=None)


def around(
    head: Designation | None, concepts: Collection[int], user: Any
) -> tuple[dict[int, Headword], list[Headword]]:
    """Return the headwords of `concepts` by key, and the alphabet neighbours of `head` with itself: one statement."""
    wanted = Q(section__concept__in=concepts)
    alphabet = heads(user).filter(language=head.language).order_by() if head else None
    if alphabet is not None:
        lower = Q(sort_key__lt=head.sort_key) | Q(sort_key=head.sort_key, pk__lt=head.pk)
        above = alphabet.filter(lower).order_by("-sort_key", "-pk")[:BEFORE]
        below = alphabet.exclude(lower).order_by("sort_key", "pk")[: AFTER + 1]
        wanted |= Q(pk__in=above.values("pk")) | Q(pk__in=below.values("pk"))
    rows = list(heads(user).filter(wanted))
    by_concept = {pk: best(row for row in rows if row.concept == pk) for pk in concepts}
    labels = {pk: headword(row) for pk, row in by_concept.items() if row}
    return labels, [headword(row) for row in _neighbours(head, rows)] if head else []


def _neighbours(head: Designation, rows: Sequence[Designation]) -> list[Designation]:
    """Return the nearest of these rows: whatever else was fetched with them stands further away."""
    alphabet = sorted((row for row in rows if row.language == head.language), key=lambda row: (row.sort_key, row.pk))
    place = next((place for place, row in enumerate(alphabet) if row.pk == head.pk), 0)
    return alphabet[max(0, place - BEFORE) : place + AFTER + 1]
