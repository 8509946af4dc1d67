"""Addresses that belong to the installation and to no feature."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.views.decorators.http import require_safe

ROBOTS = """User-agent: *
Disallow: /accounts/
Disallow: /api/
Disallow: /cms/
Disallow: /*/search/
Disallow: /*?
Allow: /*/feed.atom

Sitemap: {sitemap}
"""


@require_safe
def best_language(request: HttpRequest) -> HttpResponse:
    """Redirect to the home page in the language that the browser asks for, without a cookie."""
    with override(get_language_from_request(request)):
        response = HttpResponseRedirect(reverse("home"))
    patch_vary_headers(response, ["Accept-Language"])
    return response


def editors_log_in(request: HttpRequest) -> HttpResponse:
    """Lead to the one place to log in. Wagtail also sends here who is logged in and no editor: refused, not sent on."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", reverse("wagtailadmin_home")))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what not to fetch, and where all public addresses stand."""
    sitemap = request.build_absolute_uri(reverse("sitemaps"))
    return HttpResponse(ROBOTS.format(sitemap=sitemap), content_type="text/plain; charset=utf-8")
