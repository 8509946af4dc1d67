"""The filters of the library, the same for pages and API: within one filter any value, across filters all."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q

from library.querysets import ResourceQuerySet

Chosen = Mapping[str, tuple[str, ...]]
DECADES = ("2020-", "2010-2019", "2000-2009", "1990-1999", "-1989")
SPAN = re.compile(r"([0-9]{4})?(-)?([0-9]{4})?")


def years(text: str) -> tuple[int | None, int | None]:
    """Return first and last year of ``2015``, ``2010-2019``, ``2020-`` or ``-1989``. Raises ValueError."""
    match = SPAN.fullmatch(text)
    if match is None or not (match[1] or match[3]) or (match[3] and not match[2]):
        raise ValueError(f"{text!r} names no years.")
    first, last = (int(year) if year else None for year in (match[1], match[3]))
    return (first, last) if match[2] else (first, first)


def _by_year(resources: ResourceQuerySet, spans: tuple[str, ...]) -> ResourceQuerySet:
    """Keep the resources of any span; a span that names no years holds none."""
    wanted = Q(pk__in=())
    for text in spans:
        try:
            first, last = years(text)
        except ValueError:  # typed into the address by hand: it finds nothing, which the page says
            continue
        span = Q(year__isnull=False)
        span &= Q(year__gte=first) if first is not None else Q()
        span &= Q(year__lte=last) if last is not None else Q()
        wanted |= span
    return resources.filter(wanted)


FILTERS: dict[str, Callable[[ResourceQuerySet, tuple[str, ...]], ResourceQuerySet]] = {
    "type": lambda resources, values: resources.of_types(values),
    "theme": lambda resources, values: resources.about_theme(*values),
    "country": lambda resources, values: resources.about_country(*map(str.upper, values)),
    "language": lambda resources, values: resources.in_languages(values),
    "year": _by_year,
}


def chosen_in(parameters: Any) -> dict[str, tuple[str, ...]]:
    """Return the filters that a query string sets, each value once."""
    found = {name: tuple(dict.fromkeys(filter(None, parameters.getlist(name)))) for name in FILTERS}
    return {name: values for name, values in found.items() if values}


def narrowed(resources: ResourceQuerySet, chosen: Chosen, without: str = "") -> ResourceQuerySet:
    """Apply the chosen filters, except one whose own options are to be counted."""
    for name, values in chosen.items():
        if name != without:
            resources = FILTERS[name](resources, values)
    return resources
