"""What the list of questions shows: items, filters with counts, chips, pages."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.languages import language_name
from core.nine import BRANCHES
from library.keyset import Order, page
from qa.filters import FILTERS, STATES, Chosen, chosen_in, counts, narrowed
from qa.listing import items_of
from qa.models import Question
from taxonomy.models import Country, Theme

PER_PAGE = 20
NEWEST = Order(
    Coalesce("first_delivered_at", "submitted_at"), "number", descending=True, parse=datetime.datetime.fromisoformat
)
LABELS = {"state": _("State"), "theme": _("Theme"), "country": _("Country"), "language": _("Language")}
STATE_LABELS = {"answered": pgettext_lazy("questions", "Answered"), "open": _("Not yet answered")}
Label = Callable[[str], str]


def list_context(request: HttpRequest) -> dict[str, Any]:
    """Return the context of `qa/list.html`: seven statements for a visitor."""
    parameters, user = request.GET, request.user
    chosen = chosen_in(parameters)
    visible = Question.objects.visible_to(user).exclude(submitted_at=None)
    count, options = counts(visible, chosen, user)
    shown = page(narrowed(visible, chosen, user), NEWEST, parameters.get("cursor", ""), PER_PAGE)
    labels = _labels(chosen, options)
    return {
        "items": items_of(shown.rows, user),
        "count": count,
        "facets": [_facet(name, options[name], chosen, labels[name]) for name in FILTERS],
        "chips": list(_chips(chosen, labels)),
        "clear_url": "?",
        "next_url": _address(chosen, shown.next) if shown.next else "",
        "previous_url": _address(chosen, shown.previous) if shown.previous else "",
    }


def _address(chosen: Chosen, cursor: str = "") -> str:
    pairs = [(name, value) for name, values in chosen.items() for value in values]
    pairs += [("cursor", cursor)] if cursor else []
    return f"?{urlencode(pairs)}"


def _labels(chosen: Chosen, options: Mapping[str, Mapping[str, int]]) -> dict[str, Label]:
    """Return how each filter's values are called in the reader's language: two statements."""
    themes = {theme.slug: str(theme) for theme in Theme.objects.all()}
    codes = {*options["country"], *map(str.upper, chosen.get("country", ()))}
    countries = {country.iso3: str(country) for country in Country.objects.filter(iso3__in=codes)}
    return {
        "state": lambda value: str(STATE_LABELS.get(value, value)),
        "theme": lambda value: themes.get(value, value),
        "country": lambda value: countries.get(value.upper(), value),
        "language": language_name,
    }


def _facet(name: str, found: Mapping[str, int], chosen: Chosen, label: Label) -> dict[str, Any]:
    """Return a filter with its options: those with questions, and the chosen ones even without; chosen ones first."""
    ticked = [value.upper() if name == "country" else value for value in chosen.get(name, ())]
    if name == "state":
        values = [value for value in STATES if found.get(value) or value in ticked]
    else:
        values = sorted({*found, *ticked}, key=lambda value: (value not in ticked, -found.get(value, 0), label(value)))
    options = [
        {
            "value": value,
            "label": label(value),
            "count": found.get(value, 0),
            "checked": value in ticked,
            "nine": {value: "full"} if name == "theme" and value in BRANCHES else None,
        }
        for value in values
    ]
    return {"name": name, "label": str(LABELS[name]), "options": options, "more": len(options) > 8}


def _chips(chosen: Chosen, labels: Mapping[str, Label]) -> Iterator[tuple[str, str, str]]:
    for name, values in chosen.items():
        for value in values:
            rest = {**chosen, name: tuple(other for other in values if other != value)}
            yield str(LABELS[name]), labels[name](value), _address(rest)
