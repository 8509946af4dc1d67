"""What the list of experts shows: items, filters with counts, chips, sorting, pages."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.languages import language_name
from core.nine import BRANCHES
from core.presentation import Item
from experts.directory import FILTERS, LEVELS, Chosen, Listed, chosen_in, counts, listed_for, narrowed
from sync.presentation import item
from taxonomy.models import Country, Region, Theme

PER_PAGE = 20
LABELS = {
    "theme": _("Theme"),
    "country": _("Worked in"),
    "region": _("Region"),
    "language": _("Language"),
    "level": _("Least level of the language"),
}
Label = Callable[[str], str]
Key = tuple[str, int]


def _newest(expert: Listed) -> Key:
    """Sort the last confirmed first: the digits of the day turned round, since both orders ascend."""
    return expert.confirmed.translate(str.maketrans("0123456789", "9876543210")) or "~", expert.pk


SORTS: dict[str, tuple[Any, Callable[[Listed], Key]]] = {
    "name": (_("Name"), lambda expert: (expert.name_key, expert.pk)),
    "confirmed": (_("Confirmed last"), _newest),
}


def list_context(request: HttpRequest) -> dict[str, Any]:
    """Return the context of `experts/list.html`: four statements."""
    chosen = chosen_in(request.GET)
    sort = request.GET.get("sort") if request.GET.get("sort") in SORTS else "name"
    countries = {country.iso3: country for country in Country.objects.all()}
    experts = listed_for(request.user, countries)
    options = counts(experts, chosen)
    labels = _labels(countries)
    found = narrowed(experts, chosen)
    shown, links = _page(found, SORTS[sort][1], request.GET.get("cursor", ""))
    return {
        "items": [item_of(expert) for expert in shown],
        "count": len(found),
        "facets": [_facet(name, options[name], chosen, labels[name]) for name in FILTERS],
        "chips": list(_chips(chosen, sort, labels)),
        "clear_url": _address({}, sort),
        "sort_links": [(str(label), _address(chosen, name), name == sort) for name, (label, _key) in SORTS.items()],
        "query_hidden": [("sort", sort)] if sort != "name" else [],
        "has_samples": any(expert.document.facets.get("sample") for expert in found),
        **{name: _address(chosen, sort, cursor) if cursor else "" for name, cursor in links.items()},
    }


def item_of(expert: Listed) -> Item:
    """Return the row of an expert: the headline below the name."""
    headline = expert.document.facets.get("headline", "")
    return replace(item(expert.document), snippet=mark_safe(escape(headline)), language_name="")


def _page(experts: Sequence[Listed], key: Callable[[Listed], Key], cursor: str) -> tuple[list[Listed], dict[str, str]]:
    """Return the page that a cursor names, and the cursors beside it: the first page for what is no cursor.

    A cursor is "a" or "b" (after, before), the row's value, a tilde, and its number; so a page begins after the last
    row shown, whatever came or went before it.
    """
    rows = sorted(experts, key=key)
    keys = [key(row) for row in rows]
    direction, (value, _tilde, number) = cursor[:1], cursor[1:].rpartition("~")
    start, end = 0, PER_PAGE
    if direction in ("a", "b") and number.isascii() and number.isdecimal():
        known = (value, int(number[:18]))
        start, end = bisect_right(keys, known), bisect_left(keys, known)
        start, end = (start, start + PER_PAGE) if direction == "a" else (max(0, end - PER_PAGE), end)
    shown = rows[start:end]
    return shown, {
        "next_url": _cursor("a", keys[start + len(shown) - 1]) if shown and end < len(rows) else "",
        "previous_url": _cursor("b", keys[start]) if shown and start > 0 else "",
    }


def _cursor(direction: str, key: Key) -> str:
    return f"{direction}{key[0]}~{key[1]}"


def _address(chosen: Chosen, sort: str, cursor: str = "") -> str:
    pairs = [(name, value) for name, values in chosen.items() for value in values]
    pairs += [("sort", sort)] if sort != "name" else []
    pairs += [("cursor", cursor)] if cursor else []
    return f"?{urlencode(pairs)}"


def _labels(countries: Mapping[str, Country]) -> dict[str, Label]:
    """Return how each filter's values are called in the reader's language: one statement."""
    themes = {theme.slug: str(theme) for theme in Theme.objects.all()}
    regions = dict(Region.choices)
    return {
        "theme": lambda value: themes.get(value, value),
        "country": lambda value: str(countries.get(value.upper(), value)),
        "region": lambda value: str(regions.get(value, value)),
        "language": language_name,
        "level": lambda value: gettext("%(level)s or better") % {"level": value},
    }


def _facet(name: str, found: Counter, chosen: Chosen, label: Label) -> dict[str, Any]:
    """Return a filter with its options: those with experts, and the chosen ones even without; chosen ones first."""
    ticked = [value.upper() if name == "country" else value for value in chosen.get(name, ())]
    if name == "level":
        values = [value for value in LEVELS if found[value] or value in ticked]
    else:
        values = sorted({*found, *ticked}, key=lambda value: (value not in ticked, -found[value], label(value)))
    options = [
        {
            "value": value,
            "label": label(value),
            "count": found[value],
            "checked": value in ticked,
            "nine": {value: "full"} if name == "theme" and value in BRANCHES else None,
        }
        for value in values
    ]
    return {"name": name, "label": str(LABELS[name]), "options": options, "more": len(options) > 8}


def _chips(chosen: Chosen, sort: str, labels: Mapping[str, Label]) -> Iterator[tuple[str, str, str]]:
    for name, values in chosen.items():
        for value in values:
            rest = {**chosen, name: tuple(other for other in values if other != value)}
            yield str(LABELS[name]), labels[name](value), _address(rest, sort)
