"""The public pages: home, countries, themes. Found by their keys, never through Wagtail's tree."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from pages import contexts
from pages.models import CountryPage
from pages.visibility import countries_visible_to, themes_visible_to
from sync.drain import before_read
from taxonomy.models import Country


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html", contexts.home(request))


def country_list(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/countries.html", contexts.countries(request))


def country_detail(request: HttpRequest, iso3: str) -> HttpResponse:
    """The country in the reader's best edition; without a page, what the other entries tell about it."""
    if iso3 != iso3.lower():
        return redirect("countries:detail", iso3.lower(), permanent=True)
    before_read()
    pages = list(
        CountryPage.objects.visible_to(request.user)
        .filter(country__iso3=iso3.upper())
        .select_related("country", "locale")
        .prefetch_related("schemes")
    )
    row = pages[0].country if pages else _country(request, iso3.upper())
    return render(request, "pages/country.html", contexts.country(request, row, pages))


def _country(request: HttpRequest, iso3: str) -> Country:
    row = countries_visible_to(request.user).filter(iso3=iso3).first()
    if row is None:
        raise Http404(f"Nothing is told about {iso3!r}.")
    return row


def theme_list(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/themes.html", contexts.themes(request))


def theme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    before_read()
    visible = list(themes_visible_to(request.user))
    row = next((theme for theme in visible if theme.slug == slug), None)
    if row is None:
        raise Http404(f"There is no theme {slug!r}, or nothing is told about it.")
    return render(request, "pages/theme.html", contexts.theme(request, row, visible))
