"""The public pages: home, countries, themes. Found by their keys, never through Wagtail's tree."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.visibility import visible_rows
from pages import metadata
from pages.contexts import countries, free, home, themes
from pages.models import CountryPage, FreePage, ThemePage
from sync.drain import before_read
from taxonomy.models import Country


def home_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html", {**home.home(request), "metadata": metadata.home_metadata(request)})


def country_list(request: HttpRequest) -> HttpResponse:
    context = {**countries.countries(request), "metadata": metadata.countries_metadata(request)}
    return render(request, "pages/countries.html", context)


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
    context = countries.country(request, row, pages)
    described = metadata.country_metadata(request, row, context)
    return render(request, "pages/country.html", {**context, "metadata": described})


def _country(request: HttpRequest, iso3: str) -> Country:
    row = visible_rows("country", request.user).filter(iso3=iso3).first()
    if row is None:
        raise Http404(f"Nothing is told about {iso3!r}.")
    return row


def theme_list(request: HttpRequest) -> HttpResponse:
    context = {**themes.themes(request), "metadata": metadata.themes_metadata(request)}
    return render(request, "pages/themes.html", context)


def theme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The theme in the reader's best edition; without a page, what the other entries tell about it."""
    before_read()
    visible = list(visible_rows("theme", request.user))
    row = next((theme for theme in visible if theme.slug == slug), None)
    if row is None:
        raise Http404(f"There is no theme {slug!r}, or nothing is told about it.")
    pages = ThemePage.objects.visible_to(request.user).filter(theme=row).select_related("locale")
    context = themes.theme(request, row, visible, list(pages))
    described = metadata.theme_metadata(request, row, context)
    return render(request, "pages/theme.html", {**context, "metadata": described})


def free_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page about the service in the reader's best edition."""
    pages = list(FreePage.objects.visible_to(request.user).filter(slug=slug).select_related("locale"))
    if not pages:
        raise Http404(f"There is no page {slug!r} for this reader.")
    context = free.free(request, pages)
    described = metadata.free_metadata(request, context)
    return render(request, "pages/free.html", {**context, "metadata": described})
