"""The search page, what is similar, and suggestions."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.audiences import audience_of
from search import presentation
from search.advice import advice
from search.misses import record
from search.query import Query, query_from
from search.results import search
from search.similar import alike
from search.suggestions import suggest
from sync.drain import before_read


def asked(request: HttpRequest) -> Query:
    """Return the query that an address asks."""
    return query_from(dict(request.GET.lists()), audience_of(request.user), get_language() or "en")


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Show the results of a query; every state of the page has its address."""
    before_read()
    query = asked(request)
    results = search(query, request.user)
    record(results)
    branches = dict.fromkeys(query.filters.get("branch", ()), "full")
    context = {
        "query": query,
        "text": results.text,
        "count": results.count,
        "count_is_exact": results.exact,
        "items": results.items,
        "facets": presentation.facets(results),
        "chips": presentation.chips(results),
        "clear_url": presentation.address(Query(text=query.text)),
        "feed_url": presentation.address(replace(query, page=1, sort="relevance"), "search-feed"),
        "scopes": presentation.scopes(results),
        "sort_links": presentation.sorting(query),
        "query_hidden": [(n, v) for n, v in query.parameters() if n in {"q", "sort", "strict"}],
        "filter_count": sum(len(values) for values in query.filters.values()),
        "notices": presentation.notices(results),
        "advice": advice(results) if not results.items else [],
        "edge_states": branches,
        **presentation.pages(results),
    }
    return render(request, "search/search.html", context)


@require_safe
def similar(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show what is like an entry that the reader may see."""
    before_read()
    found = alike(f"{kind}:{pk}", request.user)
    if found is None:
        raise Http404
    return render(request, "search/similar.html", {"source": found.source, "items": found.items})


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer what the box may offer while a question is typed: a list of titles with their addresses."""
    before_read()
    items = suggest(asked(request), request.user)
    return JsonResponse(
        [{"title": i.title, "kind_label": i.kind_label, "url": i.url, "language": i.language} for i in items],
        safe=False,
    )
