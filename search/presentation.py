"""What the result page shows around the results: facets, chips, sorting, pages, notices, all as addresses."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.entries import registry
from core.languages import language_name
from core.nine import LABELS
from links.names import Names
from search.facets import in_order, selected_first
from search.query import FILTERS, Query
from search.results import Results

ALSO = 6  # names told in "Also searched"
PAGES_AROUND = 2  # page numbers shown on each side of the current one


SCOPES = ("theme", "country")  # filters that stay with the next question


def address(query: Query, name: str = "search") -> str:
    """Return the permanent address of a query's result page, or of what else it is asked at."""
    parameters = urlencode(query.parameters())
    return reverse(name) + (f"?{parameters}" if parameters else "")


def filter_labels() -> dict[str, str]:
    return {
        "kind": _("Kind"),
        "branch": _("Branch"),
        "theme": _("Theme"),
        "country": _("Country"),
        "language": _("Language"),
        "year": _("Year"),
    }


def value_label(name: str, value: str, names: Names, language: str) -> str:
    """Return what readers call a value of a filter; an unknown value is shown as it was written."""
    match name:
        case "kind":
            return str(registry[value].label) if value in registry else value
        case "branch":
            return str(LABELS.get(value, value))
        case "theme":
            return names.label(f"theme:{value}", language)
        case "country":
            label = names.label(f"country:{value.lower()}", language)
            return value.upper() if label == value.lower() else label
        case "language":
            return language_name(value)
        case "year":
            return _year_label(value)
    return value


def _year_label(span: str) -> str:
    first, dash, last = span.partition("-")
    if not dash:
        return first
    if not last:
        return _("%(year)s and later") % {"year": first}
    if not first:
        return _("Until %(year)s") % {"year": last}
    return f"{first}–{last}"


def facets(results: Results) -> list[dict[str, Any]]:
    """Return the filters with their options and counts; options without hits only if they are ticked."""
    query, labels = results.query, filter_labels()
    found = []
    for name in FILTERS:
        chosen = query.filters.get(name, ())
        counts = results.found.counts.get(name, Counter())

        def label(value: str, name: str = name) -> str:
            return value_label(name, value, results.names, query.language)

        values = in_order(name, counts, label)
        options = [_option(name, value, counts[value], chosen, label) for value in selected_first(name, values, chosen)]
        if len(options) > 1 or chosen:
            found.append({"name": name, "label": labels[name], "options": options, "more": len(options) > 8})
    return found


def _option(name: str, value: str, count: int, chosen: tuple[str, ...], label: Callable[[str], str]) -> dict[str, Any]:
    nine = {value: "full"} if name == "branch" and value in LABELS else None
    return {"value": value, "label": label(value), "count": count, "checked": value in chosen, "nine": nine}


def chips(results: Results) -> list[tuple[str, str, str]]:
    """Return each chosen value as (filter, value, address without it)."""
    query, labels = results.query, filter_labels()
    return [
        (labels[name], value_label(name, value, results.names, query.language), address(query.without(name, value)))
        for name in FILTERS
        for value in query.filters.get(name, ())
    ]


def scopes(results: Results) -> list[tuple[str, str, str]]:
    """Return what the next question is narrowed to unless the reader unticks it, as (filter, value, label)."""
    query = results.query
    return [
        (name, value, value_label(name, value, results.names, query.language))
        for name in SCOPES
        for value in query.filters.get(name, ())
    ]


def notices(results: Results) -> list[SafeString]:
    """Say what was done beside searching for the words as they stand, with the way back to just that."""
    query, plan = results.query, results.plan
    strict = address(replace(query, own_words=True, page=1))
    said = [format_html("{}", _("The usual search engine is not available; the database answers."))] * results.degraded
    said += _spelling(results, strict)
    if plan.loosened and results.count:
        said.append(format_html("{} {}", _strictly(plan.strictly), _("The others have some of them.")))
    also = [*(results.names.label(topic, query.language) for topic in plan.topics), *plan.names][:ALSO]
    if also and not query.own_words:
        listed = format_html_join(", ", "<i>{}</i>", ((label,) for label in dict.fromkeys(also)))
        said.append(format_html('{} {}. <a href="{}">{}</a>', _("Also searched:"), listed, strict, _("Only my words")))
    if query.own_words:
        wide = address(replace(query, own_words=False, page=1))
        said.append(
            format_html('{} <a href="{}">{}</a>', _("Only your own words were searched."), wide, _("Search wider"))
        )
    return said


def _spelling(results: Results, strict: str) -> list[SafeString]:
    """Tell what was searched in the place of what was typed, with the way back to that, or what may have been meant."""
    query, correction = results.query, results.correction
    if correction is None:
        return []
    there = address(replace(query, text=correction.text, page=1))
    better = format_html('<a href="{}"><b>{}</b></a>', there, correction.text)
    if not correction.at_once:
        return [format_html(_("Did you mean {question}?"), question=better)]
    instead = format_html('<a href="{}">{}</a>', strict, _("Search for “%(text)s” instead") % {"text": query.text})
    shown = format_html(_("Showing results for {question}."), question=better)
    nothing = _("No results for “%(text)s”.") % {"text": query.text} if correction.in_vain else ""
    return [format_html("{} {} {}", nothing, shown, instead)]


def _strictly(count: int) -> str:
    if not count:
        return _("No result has all your words.")
    text = ngettext("%(count)s result has all your words.", "%(count)s results have all your words.", count)
    return text % {"count": count}


def sorting(query: Query) -> list[tuple[str, str, bool]]:
    return [
        (_("Best match first"), address(replace(query, sort="relevance", page=1)), query.sort == "relevance"),
        (_("Newest first"), address(replace(query, sort="newest", page=1)), query.sort == "newest"),
    ]


def pages(results: Results) -> dict[str, Any]:
    """Return the numbered pages around the current one, and its neighbours."""
    query, last = results.query, results.pages
    near = range(max(1, query.page - PAGES_AROUND), min(last, query.page + PAGES_AROUND) + 1)
    numbers = sorted({1, last, *near}) if last > 1 else []

    def url(number: int) -> str:
        return address(replace(query, page=number))

    return {
        "pages": [{"number": n, "url": url(n), "current": n == query.page} for n in numbers],
        "previous_url": url(min(query.page, last + 1) - 1) if query.page > 1 else "",
        "next_url": url(query.page + 1) if query.page < last else "",
    }
