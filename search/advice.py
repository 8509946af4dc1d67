"""Next steps on a page without results: what would find something, and where else to look."""

from collections.abc import Iterator
from dataclasses import replace

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from search.presentation import address, filter_labels, value_label
from search.query import FILTERS, Query
from search.results import Results, count_without
from search.vocabulary import name_words

MOST_TRIED = 3  # filters of which it is found out what dropping them gives


def advice(results: Results) -> list[SafeString]:
    """Return what may help, the surest first: filters to drop with what that gives, wider searches, pages to browse."""
    return [*_without_filters(results), *_wider(results.query), *_elsewhere(results)]


def _without_filters(results: Results) -> Iterator[SafeString]:
    query = results.query
    used = [name for name in FILTERS if query.filters.get(name)]
    for name in used[:MOST_TRIED]:
        other = query.without(name)
        if results.found.counts.get(name) and (count := count_without(results, other)):
            values = ", ".join(value_label(name, v, results.names, query.language) for v in query.filters[name])
            text = _("Remove filter: %(label)s: %(value)s") % {"label": filter_labels()[name], "value": values}
            yield _link(address(other), text, count)
    if len(used) > 1:
        bare = replace(query, filters={}, page=1)
        if count := count_without(results, bare):
            yield _link(address(bare), _("Clear filters"), count)


def _wider(query: Query) -> Iterator[SafeString]:
    if query.own_words:
        yield _link(address(replace(query, own_words=False, page=1)), _("Search wider"))
    if query.page > 1:
        yield _link(address(replace(query, page=1)), _("First page"))
    if query.text:
        yield format_html("{}", _("Try fewer or more general words, or the name of a country."))


def _elsewhere(results: Results) -> Iterator[SafeString]:
    """Yield the pages of the topics that the question names, then the lists of all."""
    language, words = results.query.language, name_words(results.names, results.query.audience)
    for topic in results.plan.topics:
        name = words.title_of_topic(topic, language)
        if name:
            route, *arguments = name.route
            yield _link(reverse(route, args=arguments), name.phrase)
    for name, text in (("themes:list", _("Browse the themes")), ("countries:list", _("Browse the countries"))):
        yield _link(reverse(name), text)
    yield _link(reverse("questions:ask"), _("Ask a question"))


def _link(url: str, text: str, count: int = 0) -> SafeString:
    if not count:
        return format_html('<a href="{}">{}</a>', url, text)
    shown = ngettext("%(count)s result", "%(count)s results", count) % {"count": count}
    return format_html('<a href="{}">{}</a> ({})', url, text, shown)
