"""`/api/v1/search/`: the same query as the page, as JSON."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.audiences import audience_of
from search import presentation
from search.query import FILTERS, Query, query_from
from search.results import Results, search
from search.serializers import SearchSerializer
from sync.drain import before_read

PARAMETERS = [
    OpenApiParameter("q", str, description='Words, "phrases", -not, OR, prefix*.'),
    OpenApiParameter("page", int),
    OpenApiParameter("sort", str, enum=["relevance", "newest"]),
    OpenApiParameter("strict", bool, description="1: no topics, no relaxing."),
    *(OpenApiParameter(name, str, many=True, description="Repeatable: OR within, AND across.") for name in FILTERS),
]


class OneFormat(DefaultContentNegotiation):
    """JSON, whatever is asked: a search never ends in an error, not even with `?format=xml`."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


class SearchView(APIView):
    """Search over everything that the caller may see."""

    content_negotiation_class = OneFormat
    permission_classes = [AllowAny]

    @extend_schema(parameters=PARAMETERS, responses=SearchSerializer)
    def get(self, request: Request) -> Response:
        """Find entries. Without `q`, all entries that pass the filters."""
        before_read()
        query = query_from(dict(request.GET.lists()), audience_of(request.user), get_language() or "en")
        results = search(query, request.user)
        return Response(SearchSerializer(_answer(request, query, results)).data)


def _answer(request: Request, query: Query, results: Results) -> dict[str, Any]:
    base = request.build_absolute_uri(request.path)

    def page(number: int) -> str:
        kept = [(name, value) for name, value in query.parameters() if name != "page"]
        return f"{base}?{urlencode([*kept, ('page', str(number))])}"

    return {
        "count": results.count,
        "count_is_exact": results.exact,
        "corrected": results.text if results.text != query.text else None,
        "did_you_mean": offered.text if (offered := results.correction) and not offered.at_once else None,
        "next": page(query.page + 1) if query.page < results.pages else None,
        "previous": page(query.page - 1) if 1 < query.page <= results.pages + 1 else None,
        "results": [
            {
                "id": item.key,
                "kind": item.kind,
                "title": item.title,
                "language": item.language,
                "url": request.build_absolute_uri(item.url),
                "snippet": item.snippet,
                "page": item.page,
                "date": document.facets.get("date") or (document.date.isoformat() if document.date else None),
            }
            for item, document in zip(results.items, results.documents, strict=True)
        ],
        "facets": {
            facet["name"]: [{k: option[k] for k in ("value", "label", "count")} for option in facet["options"]]
            for facet in presentation.facets(results)
        },
    }
