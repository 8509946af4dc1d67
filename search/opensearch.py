"""GESS as a search engine of the browser: OpenSearch 1.1, https://github.com/dewitt/opensearch ."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from core.answers import public_answer
from search.suggestions import suggest
from search.views import asked
from sync.drain import before_read

MAX_AGE = 86_400  # seconds
DESCRIPTION_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE = "application/x-suggestions+json"


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Describe the search in the language of `?language=fr`, else in the one that the browser prefers."""
    wanted = request.GET.get("language", "")
    language = wanted if wanted in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
    absolute = request.build_absolute_uri
    with translation.override(language):
        context = {
            "language": language,
            "results": absolute(reverse("search")),
            "feed": absolute(reverse("search-feed")),
            "suggestions": absolute(reverse("opensearch-suggestions")),
            "self": absolute(f"{reverse('opensearch')}?language={language}"),
            "icon": absolute(f"{settings.STATIC_URL}favicon.ico"),
        }
        xml = render_to_string("search/opensearch.xml", context)
    return public_answer(request, xml.encode(), f"{DESCRIPTION_TYPE}; charset=utf-8", MAX_AGE)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer in the form that browsers expect: what was typed, then titles, their kinds, their addresses."""
    before_read()
    query = asked(request)
    found = suggest(query, request.user)
    answer = [
        query.text,
        [suggestion.title for suggestion in found],
        [suggestion.kind_label for suggestion in found],
        [request.build_absolute_uri(suggestion.url) for suggestion in found],
    ]
    return JsonResponse(answer, safe=False, content_type=SUGGESTIONS_TYPE)
