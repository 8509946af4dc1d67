"""What the list of resources shows: items, filters with counts, chips, sorting, pages."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.languages import language_name
from core.nine import BRANCHES
from library.choices import ResourceType
from library.counting import counts
from library.filters import DECADES, FILTERS, Chosen, chosen_in, narrowed, years
from library.keyset import BY_TITLE, NEWEST, Page, page
from library.listing import items_of
from library.metadata import list_metadata
from library.models import Resource
from taxonomy.models import Country, Theme

PER_PAGE = 20
LABELS = {
    "type": _("Type"),
    "theme": _("Theme"),
    "country": _("Country"),
    "language": _("Language"),
    "year": _("Year"),
}
SORTS = {"newest": (_("Newest"), NEWEST), "title": (_("Title"), BY_TITLE)}
Label = Callable[[str], str]


def list_context(request: HttpRequest) -> dict[str, Any]:
    """Return the context of `library/list.html`: one item for each work, seven statements at most."""
    parameters = request.GET
    chosen = chosen_in(parameters)
    sort = parameters.get("sort") if parameters.get("sort") in SORTS else "newest"
    visible = Resource.objects.visible_to(request.user)
    count, options = counts(visible, chosen)
    found = narrowed(visible, chosen).one_per_work(get_language() or "en")
    shown = page(found, SORTS[sort][1], parameters.get("cursor", ""), PER_PAGE)
    labels = _labels(chosen, options)
    return {
        "metadata": list_metadata(request),
        "items": items_of(shown.rows, request.user),
        "count": count,
        "facets": [_facet(name, options.get(name, Counter()), chosen, labels[name]) for name in FILTERS],
        "chips": list(_chips(chosen, sort, labels)),
        "clear_url": _address({}, sort),
        "sort_links": [(str(label), _address(chosen, name), name == sort) for name, (label, _order) in SORTS.items()],
        "query_hidden": [("sort", sort)] if sort != "newest" else [],
        **page_links(shown, lambda cursor: _address(chosen, sort, cursor)),
    }


def page_links(shown: Page, address: Callable[[str], str]) -> dict[str, str]:
    """Return the addresses of the pages beside this one."""
    return {
        "next_url": address(shown.next) if shown.next else "",
        "previous_url": address(shown.previous) if shown.previous else "",
    }


def _address(chosen: Chosen, sort: str, cursor: str = "") -> str:
    pairs = [(name, value) for name, values in chosen.items() for value in values]
    pairs += [("sort", sort)] if sort != "newest" else []
    pairs += [("cursor", cursor)] if cursor else []
    return f"?{urlencode(pairs)}"


def _labels(chosen: Chosen, options: Mapping[str, Counter]) -> dict[str, Label]:
    """Return how each filter's values are called in the reader's language: two statements."""
    themes = {theme.slug: str(theme) for theme in Theme.objects.all()}
    codes = {*options.get("country", ()), *map(str.upper, chosen.get("country", ()))}
    countries = {country.iso3: str(country) for country in Country.objects.filter(iso3__in=codes)}
    types = dict(ResourceType.choices)
    return {
        "type": lambda value: str(types.get(value, value)),
        "theme": lambda value: themes.get(value, value),
        "country": lambda value: countries.get(value.upper(), value),
        "language": language_name,
        "year": _span,
    }


def _span(text: str) -> str:
    """Return years in words: "2020 and later"."""
    try:
        first, last = years(text)
    except ValueError:
        return text
    if first is None:
        return gettext("Until %(year)s") % {"year": last}
    if last is None:
        return gettext("%(year)s and later") % {"year": first}
    return str(first) if first == last else f"{first}–{last}"


def _facet(name: str, found: Counter, chosen: Chosen, label: Label) -> dict[str, Any]:
    """Return a filter with its options: those with works, and the chosen ones even without; chosen ones first."""
    ticked = [value.upper() if name == "country" else value for value in chosen.get(name, ())]
    if name == "year":
        values = [value for value in ticked if value not in DECADES]
        values += [value for value in DECADES if found[value] or value in ticked]
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
