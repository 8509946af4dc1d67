"""What every request passes through and belongs to no feature."""

import re
from collections.abc import Callable

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

from core.analysis import clean

# Wagtail's own screens carry inline scripts and styles; nothing that visitors write is shown there unescaped.
EDITOR_POLICY = {
    "default-src": [NONE],
    "style-src": [SELF, UNSAFE_INLINE],
    "script-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "connect-src": [SELF],
    "font-src": [SELF],
    "frame-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
}
PREVIEWS = re.compile(r"/(preview|view_draft|revisions/\d+/view)/")


class PolicyMiddleware(CSPMiddleware):
    """The public content security policy everywhere, a looser one on the editors' screens.

    Previews inside the editor keep the public policy, except that the editor may frame them.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith("/cms/") and not report_only:
            if PREVIEWS.search(request.path):
                parts.replace = {"frame-ancestors": [SELF]}
            else:
                parts.config = EDITOR_POLICY
        return parts


class CleanParametersMiddleware:
    """Drops NUL, lone surrogates and other characters that no text has from the query string.

    PostgreSQL refuses NUL, and a search must never end in an error because of a character.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(clean(value) != value for _, values in request.GET.lists() for value in values):
            cleaned = request.GET.copy()
            for name, values in request.GET.lists():
                cleaned.setlist(name, [clean(value) for value in values])
            request.GET = cleaned
        return self.get_response(request)


class ReturnLanguageMiddleware:
    """On account pages, which carry no language in their address, speaks that of the page one came from (`next`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/accounts/"):
            target = request.POST.get("next") or request.GET.get("next") or ""
            language = translation.get_language_from_path(target)
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return self.get_response(request)
