"""What the list of terms shows: one letter of the alphabet of the reader's language, or what a filter leaves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from glossary.choices import State
from glossary.headwords import address, heads
from glossary.models import Collection, Concept, Designation
from glossary.querysets import DesignationQuerySet
from taxonomy.models import Theme


def list_context(request: HttpRequest) -> dict[str, Any]:
    """Return the context of `glossary/list.html`: at most five statements."""
    language = get_language() or "en"
    chosen = {name: request.GET.get(name, "") for name in ("collection", "theme")}
    found = _narrowed(heads(request.user).filter(language=language), chosen)
    letters = found.values("initial").annotate(first=Min("sort_key"), n=Count("pk")).order_by("first")
    counts = {row["initial"]: row["n"] for row in letters}
    letter = _letter(request.GET.get("letter", ""), counts, filtered=any(chosen.values()))
    rows = found.filter(initial=letter) if letter else found
    terms = list(rows.select_related("section").order_by("sort_key", "pk"))
    collections = list(Collection.objects.all())
    kept = {name: value for name, value in chosen.items() if value}
    return {
        "terms": _terms(terms, request.user),
        "count": sum(counts.values()),
        "letters": [(each, f"?{urlencode({**kept, 'letter': each})}", each == letter) for each in counts],
        "collections": [(str(c), f"?collection={c.slug}", c.slug == chosen["collection"]) for c in collections],
        "chips": _chips(chosen, collections),
        "clear_url": reverse("glossary:list"),
    }


def _narrowed(found: DesignationQuerySet, chosen: Mapping[str, str]) -> DesignationQuerySet:
    if chosen["collection"]:
        found = found.of_concepts(Concept.objects.in_collection(chosen["collection"]))
    if chosen["theme"]:
        found = found.of_concepts(Concept.objects.about_theme(chosen["theme"]))
    return found


def _letter(asked: str, counts: Mapping[str, int], filtered: bool) -> str:
    """Return the letter to show; what a filter leaves is shown whole unless a letter of it is asked for."""
    if asked in counts or asked.upper() in counts:
        return asked if asked in counts else asked.upper()
    return "" if filtered else next(iter(counts), "")


def _terms(terms: Sequence[Designation], user: Any) -> list[dict[str, Any]]:
    """Return the rows of the list, with the terms of the other languages: one statement."""
    equivalents: dict[int, list[tuple[str, str]]] = defaultdict(list)
    concepts = [term.concept for term in terms]
    others = heads(user).of_concepts(concepts).filter(region="").order_by("section__sort_order", "pk")
    for other in others:
        equivalents[other.concept].append((other.language, str(other)))
    return [
        {
            "term": term,
            "url": address(term.slug, term.concept_number),
            "definition": term.section.definition,
            "state": "" if term.section.state == State.VALIDATED else term.section.get_state_display(),
            "equivalents": [pair for pair in equivalents[term.concept] if pair[0] != term.language],
        }
        for term in terms
    ]


def _chips(chosen: Mapping[str, str], collections: Sequence[Collection]) -> list[tuple[str, str, str]]:
    """Return what narrows the list, each with the address of the list without it."""
    names = {"collection": {c.slug: str(c) for c in collections}, "theme": {}}
    if chosen["theme"]:
        names["theme"] = {theme.slug: str(theme) for theme in Theme.objects.filter(slug=chosen["theme"])}
    labels = {"collection": _("Collection"), "theme": _("Theme")}
    chips = []
    for name, value in chosen.items():
        if value:
            others = {other: text for other, text in chosen.items() if text and other != name}
            url = f"{reverse('glossary:list')}?{urlencode(others)}" if others else reverse("glossary:list")
            chips.append((labels[name], names[name].get(value, value), url))
    return chips
